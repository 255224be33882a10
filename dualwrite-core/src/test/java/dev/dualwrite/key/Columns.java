package dev.dualwrite.key;

/** Key columns for tests. */
final class Columns {
    private Columns() {}

    static KeyColumn integer(String name, int bytes, boolean unsigned) {
        return new KeyColumn(name, KeyType.INTEGER, "integer", 0, 0, unsigned, bytes, false, "", "", false);
    }

    static KeyColumn bigint(String name) {
        return integer(name, 8, false);
    }

    static KeyColumn text(String name, int length, boolean fixed) {
        return text(name, length, fixed, false);
    }

    static KeyColumn text(String name, int length, boolean fixed, boolean padSpace) {
        return new KeyColumn(
                name,
                KeyType.TEXT,
                fixed ? "char(" + length + ")" : "varchar(" + length + ")",
                length,
                0,
                false,
                0,
                fixed,
                "latin1",
                "latin1_swedish_ci",
                padSpace);
    }

    static KeyColumn varbinary(String name, int length) {
        return binary(name, length, false);
    }

    static KeyColumn binary(String name, int length, boolean fixed) {
        return new KeyColumn(name, KeyType.BINARY, "binary", length, 0, false, 0, fixed, "", "", false);
    }

    static KeyColumn of(String name, KeyType type) {
        return switch (type) {
            case INTEGER -> bigint(name);
            case TEXT -> text(name, 20, false);
            case BINARY -> varbinary(name, 20);
            case DECIMAL, DATE, DATETIME, YEAR ->
                new KeyColumn(name, type, type.name(), 10, 3, false, 0, false, "", "", false);
        };
    }
}
