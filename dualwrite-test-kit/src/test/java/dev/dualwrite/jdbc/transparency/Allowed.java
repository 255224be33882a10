package dev.dualwrite.jdbc.transparency;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.transparency.Meeting.Ended;
import java.util.Arrays;
import java.util.Optional;

/** Differences that are known and stay. Each is met in every run, or it does not belong here any more. */
enum Allowed {
    CLOSED_CONNECTION(
            "A closed connection says 08003, as the driver's own does; Hikari's says nothing.", Rest.GOES_ON) {
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
            "JDBC wants an exception. Connector/J sends the statement, which the server forgets at once.", Rest.ENDS) {
        @Override
        boolean covers(Meeting of) {
            return of.called().contains("c.setSavepoint(")
                    && of.wrapped()
                            .text()
                            .equals("threw java.sql.SQLException HY000/0 Can't call setSavepoint when autocommit=true");
        }
    },
    COMMIT_IN_AUTOCOMMIT(
            "The same message; Connector/J gives no SQLState, or one over which a pool drops the connection.",
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
            "What a statement says of its results after an execution that failed: with a parameter missing nothing was"
                    + " executed here, so it has what it had before, and what failed may be another statement of the driver's.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            boolean counts = of.called().matches("[ps][0-9]*\\.(getUpdateCount|getMoreResults).*");
            boolean warnings =
                    of.called().endsWith(".getWarnings()") && of.bare().text().equals("warnings");
            boolean keys = of.called().endsWith(".getGeneratedKeys()")
                    && of.bare().text().matches("columns [^|]*");
            return of.last() == Ended.FAILED && (counts || warnings || keys);
        }
    },
    AFTER_A_REFUSAL(
            "What was refused here was not executed there, where the statement still tells of what was executed before.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            return of.last() == Ended.REFUSED && of.called().matches("[ps][0-9]*\\.get.*");
        }
    },
    CACHED_BY_THE_DRIVER(
            "A prepared statement out of the driver's cache still has what its last user has set, or left; here it is set"
                    + " anew. Where the driver joins a batch, another statement runs, and this one keeps that.",
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
            "While changes are noted, elements that select their rows run one by one: they leave another last update count than"
                    + " a batch that the driver joins, and a warning where its batch tells none.",
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
            "While the target owns, a connection that uses tables of both sides in turn changes its session; results of the"
                    + " one that it leaves are closed.",
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
            "An INSERT whose keys the server generates, by executeQuery: whether it ran is not believed of an error that it"
                    + " may have come after, so the transaction is rolled back and says so.",
            Rest.PARTS) {
        @Override
        boolean covers(Meeting of) {
            return of.phase().capturing()
                    && of.wrapped().text().startsWith("threw dev.dualwrite.jdbc.OwnershipException 40001/0 DW-3004")
                    && of.afterQueryOfAnInsert();
        }
    },
    READ_ONLY_IS_LATE(
            "A statement that fails before it is sent, for a parameter is missing, has begun the transaction here: read-only is"
                    + " the next one.",
            Rest.PARTS) {
        @Override
        boolean covers(Meeting of) {
            return of.bare().text().startsWith("threw java.sql.SQLException 25006/1792 ")
                    && !of.wrapped().text().startsWith("threw ")
                    && of.unsent();
        }
    },
    DIAGNOSTICS(
            "Asked for as text, they are those of the statement before, which may be one of the library's own.",
            Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            return of.called().contains("SHOW WARNINGS")
                    || of.called().contains("SHOW COUNT(*) ERRORS")
                    || of.called().contains("SELECT @@warning_count");
        }
    },
    ANOTHER_REASON_FIRST(
            "A change by executeQuery fails here and there, and for more than one reason: the library asks the server for keys,"
                    + " and whether the connection may write, before the driver looks at what it was called for.",
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
    EMPTY_BATCH_WHILE_READ_ONLY("A batch without elements does nothing here before anything is asked.", Rest.GOES_ON) {
        @Override
        boolean covers(Meeting of) {
            return of.called().endsWith("Batch()")
                    && of.wrapped().text().equals("[]")
                    && of.bare().text().startsWith("threw java.sql.SQLException S1009/0 Connection is read-only.");
        }
    },
    KEYS_OF_A_BATCH_OF_TEXTS(
            "While changes are noted, and one of the texts selects its rows, they run one by one, and the driver does not"
                    + " collect their keys.",
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

    @Override
    public String toString() {
        return name() + ": " + reason;
    }
}
