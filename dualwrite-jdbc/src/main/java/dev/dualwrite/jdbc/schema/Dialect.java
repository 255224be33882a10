package dev.dualwrite.jdbc.schema;

import java.sql.SQLException;

/** The two kinds of server, by what they answer to the questions of this library. */
public enum Dialect {
    MYSQL("@@server_uuid", "FOR SHARE", "EXPLAIN FORMAT=TRADITIONAL"),
    /** Without a server UUID: what tells one server from a copy of it is where it runs and on which data. */
    MARIADB("CONCAT_WS('|', @@hostname, @@port, @@datadir)", "LOCK IN SHARE MODE", "EXPLAIN");

    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int LOCK_NOT_AVAILABLE = 3572;

    private final String identity;
    private final String lockShared;
    private final String explain;

    Dialect(String identity, String lockShared, String explain) {
        this.identity = identity;
        this.lockShared = lockShared;
        this.explain = explain;
    }

    /** The dialect of a server by its {@code VERSION()}. The driver calls both products MySQL. */
    public static Dialect of(String version) {
        return version.contains("MariaDB") ? MARIADB : MYSQL;
    }

    /** An expression that is another text on another server, or on a restored copy of this one. */
    public String identity() {
        return identity;
    }

    /** The clause that makes a SELECT lock its rows shared. */
    public String lockShared() {
        return lockShared;
    }

    /** What in front of a SELECT tells its plan as a table, with a column {@code rows}. */
    public String explain() {
        return explain;
    }

    /** Whether a statement with NOWAIT failed because a lock was not free. */
    public boolean isLockNotAvailable(SQLException e) {
        return e.getErrorCode() == LOCK_NOT_AVAILABLE || e.getErrorCode() == LOCK_WAIT_TIMEOUT;
    }
}
