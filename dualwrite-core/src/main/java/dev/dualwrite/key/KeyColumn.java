package dev.dualwrite.key;

/**
 * A column of a primary key.
 *
 * @param name as the database spells it
 * @param type how its values are compared
 * @param sqlType the full type as the server prints it, {@code varchar(20)}
 * @param length in characters or bytes for TEXT and BINARY, the precision for DECIMAL, else 0
 * @param scale of DECIMAL, or the fractional digits of DATETIME
 * @param unsigned whether an INTEGER is unsigned
 * @param bytes the width of an INTEGER, 1 to 8, else 0
 * @param fixed whether TEXT is CHAR, which loses trailing spaces, or BINARY is padded with zero bytes
 * @param charset of TEXT, else empty
 * @param collation of TEXT, else empty
 * @param padSpace whether the collation ignores trailing spaces
 */
public record KeyColumn(
        String name,
        KeyType type,
        String sqlType,
        int length,
        int scale,
        boolean unsigned,
        int bytes,
        boolean fixed,
        String charset,
        String collation,
        boolean padSpace) {

    /** A column that compares by its canonical text alone, so that nothing of it needs the server. */
    public boolean comparesByText() {
        return type != KeyType.TEXT;
    }
}
