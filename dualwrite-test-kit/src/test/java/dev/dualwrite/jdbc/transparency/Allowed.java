package dev.dualwrite.jdbc.transparency;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.transparency.Meeting.Ended;
import java.util.Arrays;
import java.util.Optional;

/** Differences that are known and stay. Each is met in every run, or it does not belong here any more. */
enum Allowed {
    CLOSED_CONNECTION(
            "A closed connection says 08003, as the driver's own does; Hikari's has no SQLState.", Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            return of.bare().text().endsWith("null/0 Connection is closed")
                    && of.wrapped()
                            .text()
                            .equals(
                                    "threw java.sql.SQLException 08003/0 No operations allowed after connection closed");
        }
    },
    SAVEPOINT_IN_AUTOCOMMIT(
            "A savepoint in autocommit is an exception, as JDBC wants it. Connector/J sends it, and the server forgets it at once.",
            Rest.ENDS) {
        @Override
        boolean covers(Meeting of) {
            return of.called().contains("c.setSavepoint(")
                    && of.wrapped()
                            .text()
                            .equals("threw java.sql.SQLException HY000/0 Can't call setSavepoint when autocommit=true");
        }
    },
    COMMIT_IN_AUTOCOMMIT(
            "commit and rollback in autocommit: the same message, and HY000. Connector/J has no SQLState, or one over which a pool"
                    + " drops the connection.",
            Rest.ENDS) {
        @Override
        boolean covers(Meeting of) {
            return of.wrapped()
                            .text()
                            .matches("threw java.sql.SQLException HY000/0 Can't call (commit|rollback) when .*")
                    && of.bare().text().matches("threw .* (null|08003)/0 Can't call (commit|rollback) when .*");
        }
    },
    AFTER_A_FAILURE(
            "After an execution that failed, a statement may still have the update count, result, warnings or keys of an earlier one,"
                    + " or have none where the driver's has.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            boolean counts = of.called().matches("[ps][0-9]*\\.(getUpdateCount|getMoreResults).*");
            boolean result = of.called().contains(".getResultSet()");
            boolean warnings =
                    of.called().endsWith(".getWarnings()") && of.bare().text().equals("warnings");
            boolean keys = of.called().endsWith(".getGeneratedKeys()")
                    && of.bare().text().matches("columns [^|]*");
            return of.last() == Ended.FAILED
                    ? counts || result || warnings || keys
                    : counts && of.executions().contains(Ended.FAILED);
        }
    },
    AFTER_A_REFUSAL(
            "A statement of which an execution was refused has forgotten the warnings and results of the one before.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            return of.last() == Ended.REFUSED && of.called().matches("[ps][0-9]*\\.get.*");
        }
    },
    CACHED_BY_THE_DRIVER(
            "With useServerPrepStmts and cachePrepStmts the driver's cache gives out statements that still have the settings, counts"
                    + " and warnings of their last user, as long as nothing else was set or executed; which one that was, differs.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            boolean set = of.called().matches("[pr][0-9]+ properties");
            boolean left = (of.last() == Ended.NEVER || of.last() == Ended.FAILED)
                    && of.called().matches("p[0-9]+\\.get.*");
            boolean joined = of.options().rewriteBatchedStatements()
                    && of.afterBatch()
                    && of.called().matches("p[0-9]+\\.(getUpdateCount|getMoreResults).*");
            return of.options().useServerPrepStmts() && of.options().cachePrepStmts() && (set || left || joined);
        }
    },
    AFTER_A_BATCH_ONE_BY_ONE(
            "While changes are noted, a batch whose elements do not name the keys of their rows runs one by one: behind it"
                    + " getUpdateCount() and getMoreResults() tell something else than behind one that the driver joins, and there"
                    + " may be a warning where its batch tells none.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            boolean count = of.options().rewriteBatchedStatements()
                    && of.called().matches("[ps][0-9]*\\.(getMoreResults|getUpdateCount).*");
            boolean warning = of.called().matches("[ps][0-9]*\\.getWarnings.*")
                    && of.bare().text().equals("warnings");
            return of.phase().capturing() && of.afterBatch() && (count || warning);
        }
    },
    LEFT_ITS_SIDE(
            "While the target owns, a connection that uses tables that move and others in turn changes its session: the results of"
                    + " the one that it leaves are closed.",
            Rest.ENDS) {
        @Override
        boolean covers(Meeting of) {
            return of.phase().owner() == Side.TARGET
                    && of.script().realm() == Realm.BOTH
                    && of.called().matches("([psr][0-9]*[. ](get|next|absolute|where|properties)|rest of r).*")
                    && of.wrapped().text().matches("(threw java.sql.|(false |Integer )?-1|Boolean false).*");
        }
    },
    MISUSE_LOSES_THE_TRANSACTION(
            "While changes are noted, an INSERT whose keys the server generates, given to executeQuery, costs the transaction"
                    + " (DW-3004): of the driver's error it is not known whether it came before or after the INSERT.",
            Rest.PARTS) {
        @Override
        boolean covers(Meeting of) {
            return of.phase().capturing()
                    && of.wrapped().text().startsWith("threw dev.dualwrite.jdbc.OwnershipException 40001/0 DW-3004")
                    && of.afterQueryOfAnInsert();
        }
    },
    READ_ONLY_IS_LATE(
            "With autocommit off, a statement that fails before it runs (a parameter is missing, there is no such column) has begun the"
                    + " transaction: setReadOnly(true) behind it counts for the next one.",
            Rest.PARTS) {
        @Override
        boolean covers(Meeting of) {
            return of.bare().text().startsWith("threw java.sql.SQLException 25006/1792 ")
                    && !of.wrapped().text().startsWith("threw ")
                    && of.refusedEarly();
        }
    },
    DIAGNOSTICS(
            "SHOW WARNINGS, SHOW COUNT(*) ERRORS and @@warning_count tell of the last statement of the session, which may be one of"
                    + " the library's own. getWarnings() does not.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            return of.called().contains("SHOW WARNINGS")
                    || of.called().contains("SHOW COUNT(*) ERRORS")
                    || of.called().contains("SELECT @@warning_count");
        }
    },
    ANOTHER_REASON_FIRST(
            "A change given to executeQuery fails here and there, and if there is another reason as well (a read-only connection, a"
                    + " column that does not exist), that one is told.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            return of.called().contains(".executeQuery(")
                    && of.wrapped().text().startsWith("threw java.sql.")
                    && of.bare()
                            .text()
                            .startsWith("threw java.sql.SQLException S1009/0 Statement.executeQuery() cannot");
        }
    },
    EMPTY_BATCH_WHILE_READ_ONLY(
            "A batch without elements does nothing; the driver's fails on a read-only connection.", Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            return of.called().endsWith("Batch()")
                    && of.wrapped().text().equals("[]")
                    && of.bare().text().startsWith("threw java.sql.SQLException S1009/0 Connection is read-only.");
        }
    },
    KEYS_OF_A_BATCH_OF_TEXTS(
            "While changes are noted, a batch of texts of which one does not name the keys of its rows runs one by one, and has no"
                    + " generated keys. A batch of a PreparedStatement has.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            return of.phase().capturing()
                    && of.afterBatch()
                    && of.called().matches("s[0-9]*\\.getGeneratedKeys\\(\\)")
                    && of.wrapped()
                            .text()
                            .startsWith("threw java.sql.SQLException S1009/0 Generated keys not requested");
        }
    };

    /** What becomes of the script. */
    enum Rest {
        GOES_ON,
        /** Both sides roll back: from here on they are in different states. */
        ENDS,
        /** As {@link #ENDS}, and one of them may have committed: the rows are put as they were before the block. */
        PARTS
    }

    private final String reason;
    private final Rest rest;

    Allowed(String reason, Rest rest) {
        this.reason = reason;
        this.rest = rest;
    }

    abstract boolean covers(Meeting of);

    Rest rest() {
        return rest;
    }

    static Optional<Allowed> of(Meeting meeting) {
        return Arrays.stream(values()).filter(one -> one.covers(meeting)).findFirst();
    }

    String reason() {
        return reason;
    }
}
