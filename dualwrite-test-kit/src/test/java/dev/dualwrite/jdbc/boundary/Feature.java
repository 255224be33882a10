package dev.dualwrite.jdbc.boundary;

import java.sql.Connection;

/**
 * A feature of JDBC, and something that uses it on {@link StatementKinds#DDL these tables}.
 *
 * @param autoCommit what the connection begins with
 */
record Feature(Area area, String what, boolean autoCommit, Use use, Verdict expected) {

    /** What an application does, with the assertions about what it gets for it. */
    @FunctionalInterface
    interface Use {
        void of(Connection connection, Stage stage) throws Exception;
    }

    enum Area {
        STATEMENT("Statements"),
        PARAMETER("Parameters"),
        BATCH("Batches"),
        KEYS("Generated keys"),
        RESULT("Result sets"),
        TRANSACTION("Transactions"),
        OUTCOME("Ends that are not known"),
        TIME("Timeouts and cancelling"),
        SESSION("The session"),
        WRAPPER("Wrappers and metadata"),
        POOL("Pools, JTA and threads");

        private final String title;

        Area(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** With autocommit. */
    static Feature of(Area area, String what, Verdict expected, Use use) {
        return new Feature(area, what, true, use, expected);
    }

    /** In a transaction. */
    static Feature within(Area area, String what, Verdict expected, Use use) {
        return new Feature(area, what, false, use, expected);
    }

    @Override
    public String toString() {
        return what;
    }
}
