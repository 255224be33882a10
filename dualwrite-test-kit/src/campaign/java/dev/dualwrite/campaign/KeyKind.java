package dev.dualwrite.campaign;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A type of primary key; every number has one key of it. */
enum KeyKind {
    INT("id INT NOT NULL", "CAST(id AS CHAR)", "id"),
    BIGINT("id BIGINT NOT NULL", "CAST(id AS CHAR)", "id"),
    VARCHAR("id VARCHAR(40) NOT NULL", "id", "id"),
    COMPOSITE("a INT NOT NULL, b VARCHAR(20) NOT NULL", "CONCAT(a, '/', b)", "a,b"),
    BINARY("id BINARY(16) NOT NULL", "HEX(id)", "id"),
    /** Given by the server, unless somebody gives one. */
    AUTO("id BIGINT NOT NULL AUTO_INCREMENT", "CAST(id AS CHAR)", "id");

    private final String ddl;
    private final String expression;
    private final String columns;

    KeyKind(String ddl, String expression, String columns) {
        this.ddl = ddl;
        this.expression = expression;
        this.columns = columns;
    }

    String ddl() {
        return ddl;
    }

    /** SQL that gives {@link #text}. */
    String expression() {
        return expression;
    }

    List<String> columns() {
        return List.of(columns.split(",", -1));
    }

    /** The condition that names one key. */
    String where() {
        return columns().stream().map(column -> column + " = ?").collect(Collectors.joining(" AND ", "(", ")"));
    }

    String text(long number) {
        return switch (this) {
            case INT, BIGINT, AUTO -> Long.toString(number);
            case VARCHAR -> "k-" + number;
            case COMPOSITE -> number % 7 + "/b" + number;
            case BINARY -> String.format(Locale.ROOT, "%032X", number);
        };
    }

    /** Sets the parameters of a key from this one on; the next one's index. */
    int bind(PreparedStatement statement, int at, long number) throws SQLException {
        switch (this) {
            case INT, BIGINT, AUTO -> statement.setLong(at, number);
            case VARCHAR -> statement.setString(at, text(number));
            case COMPOSITE -> {
                statement.setLong(at, number % 7);
                statement.setString(at + 1, "b" + number);
            }
            case BINARY ->
                statement.setBytes(
                        at, ByteBuffer.allocate(16).putLong(0).putLong(number).array());
        }
        return at + columns().size();
    }
}
