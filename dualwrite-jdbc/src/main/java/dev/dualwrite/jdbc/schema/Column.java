package dev.dualwrite.jdbc.schema;

import java.util.Locale;

/**
 * A column of a table, in the table's order.
 *
 * @param name as the database spells it
 * @param dataType lower case, without length: {@code varchar}
 * @param sqlType as the server prints it: {@code varchar(20)}
 * @param charset of character columns, else empty
 * @param collation of character columns, else empty
 * @param nullable whether it takes NULL
 * @param generated whether its value is computed and cannot be written
 * @param autoIncrement whether the server makes its values
 * @param invisible whether {@code SELECT *} and an INSERT without columns leave it out
 * @param hasDefault whether an INSERT may leave it out
 */
public record Column(
        String name,
        String dataType,
        String sqlType,
        String charset,
        String collation,
        boolean nullable,
        boolean generated,
        boolean autoIncrement,
        boolean invisible,
        boolean hasDefault) {

    /** Whether the server made it unsigned. */
    public boolean unsigned() {
        return sqlType.toLowerCase(Locale.ROOT).contains("unsigned");
    }
}
