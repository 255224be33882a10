package dev.dualwrite.key;

/** The kinds of column that a primary key of the domain may have, by what makes two values equal. */
public enum KeyType {
    /** Any integer type. Canonical: decimal digits, a minus sign if negative. */
    INTEGER,
    /** DECIMAL. Canonical: the server's own text, with all digits of the scale. */
    DECIMAL,
    /** CHAR and VARCHAR. Canonical: the text; equality is the collation's. */
    TEXT,
    /** BINARY and VARBINARY. Canonical: lower-case hexadecimal. */
    BINARY,
    /** DATE. Canonical: the server's own text. */
    DATE,
    /** DATETIME. Canonical: the server's own text, with the fraction of its precision. */
    DATETIME,
    /** YEAR. Canonical: four digits. */
    YEAR
}
