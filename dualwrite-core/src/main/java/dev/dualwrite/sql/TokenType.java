package dev.dualwrite.sql;

/** What a token is. */
enum TokenType {
    /** An unquoted name or keyword. */
    WORD,
    /** A name in backticks, or in double quotes under ANSI_QUOTES. */
    QUOTED,
    /** A string in single quotes. */
    STRING,
    /** A string in double quotes. */
    DOUBLE_STRING,
    INTEGER,
    DECIMAL,
    FLOAT,
    /** {@code 0x1F}, with its digits checked. */
    HEX,
    PARAM,
    USER_VARIABLE,
    SYSTEM_VARIABLE,
    /** One or more characters that belong together. */
    SYMBOL,
    /** What {@link Tokens} answers outside the text. */
    NOTHING
}
