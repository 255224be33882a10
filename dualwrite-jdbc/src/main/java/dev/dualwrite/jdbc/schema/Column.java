package dev.dualwrite.jdbc.schema;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern LENGTH = Pattern.compile("\\((\\d+)\\)");
    private static final long UNLIMITED = Long.MAX_VALUE / 2;

    /** At most so many bytes does a value have as a text in UTF-8 or as bytes; more than any packet if it has no limit. */
    public long longest() {
        return switch (dataType) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "year", "bit" -> 32;
            case "decimal", "float", "double", "date", "time", "datetime", "timestamp" -> 128;
            case "char", "varchar", "binary", "varbinary" -> {
                Matcher length = LENGTH.matcher(sqlType);
                yield length.find() ? 4 * Long.parseLong(length.group(1)) : UNLIMITED;
            }
            case "enum", "set" -> 4L * sqlType.length();
            case "tinytext", "tinyblob" -> 4 * 255;
            case "text", "blob" -> 4 * 65_535;
            default -> UNLIMITED;
        };
    }

    /** Whether the server made it unsigned. */
    public boolean unsigned() {
        return sqlType.toLowerCase(Locale.ROOT).contains("unsigned");
    }
}
