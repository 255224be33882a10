package dev.dualwrite.testkit.oracle;

/**
 * One change of one row that keeps a trail: a text column to which every change appends its own mark, so that the row
 * itself tells which changes it has seen, how often, and in which order.
 *
 * @param table by its bare name
 * @param key as the table's key expression gives it, see {@link OperationLog#trail}
 * @param kind what becomes of the row
 * @param marks what the trail becomes, or what is appended to it; each mark ends with a semicolon and is used once
 */
public record Write(String table, String key, Kind kind, String marks) {

    /** What becomes of a row. */
    public enum Kind {
        /** It is there, with these marks and no other. */
        PUT,
        /** These marks are appended to its own. */
        APPEND,
        /** It is gone. */
        DELETE
    }

    /** The row is there now, with this trail. */
    public static Write put(String table, String key, String marks) {
        return new Write(table, key, Kind.PUT, marks);
    }

    /** These marks were appended. */
    public static Write append(String table, String key, String marks) {
        return new Write(table, key, Kind.APPEND, marks);
    }

    /** The row is gone. */
    public static Write delete(String table, String key) {
        return new Write(table, key, Kind.DELETE, "");
    }
}
