package dev.dualwrite.jdbc.transparency;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws what is asked of a statement before and after it is executed. */
final class StatementCalls {
    private StatementCalls() {}

    private interface Act {
        void on(Statement statement) throws SQLException;
    }

    private static Call act(String name, String text, Act act, Set<Refused> refusals) {
        return new Call(
                name + "." + text,
                host -> {
                    act.on(host.statement(name));
                    return "";
                },
                refusals);
    }

    /** What has become of the execution: each question more often than not, in the order of an application. */
    static void probes(SplittableRandom random, String s, boolean keys, Set<Refused> refusals, List<Call> calls) {
        if (random.nextInt(2) == 0) {
            calls.add(new Call(
                    s + ".getWarnings()",
                    host -> Seen.warnings(host.statement(s).getWarnings()),
                    refusals));
        }
        if (random.nextInt(3) > 0) {
            calls.add(new Call(
                    s + ".getUpdateCount(), getLargeUpdateCount()",
                    host -> host.statement(s).getUpdateCount() + " "
                            + host.statement(s).getLargeUpdateCount(),
                    refusals));
        }
        if (keys && random.nextInt(5) > 0) {
            calls.add(new Call(
                    s + ".getGeneratedKeys()",
                    host -> {
                        ResultSet rows = host.statement(s).getGeneratedKeys();
                        return Seen.rows(rows) + (rows.getStatement() == host.statement(s));
                    },
                    refusals));
        }
        if (random.nextInt(4) == 0) {
            calls.add(new Call(
                    s + ".getMoreResults()",
                    host -> host.statement(s).getMoreResults() + " "
                            + host.statement(s).getUpdateCount(),
                    refusals));
        }
        if (random.nextInt(8) == 0) {
            calls.add(new Call(
                    s + ".getMoreResults(CLOSE_ALL_RESULTS)",
                    host -> host.statement(s).getMoreResults(Statement.CLOSE_ALL_RESULTS),
                    refusals));
        }
        if (random.nextInt(8) == 0) {
            calls.add(new Call(
                    s + ".clearWarnings()",
                    host -> {
                        host.statement(s).clearWarnings();
                        return "";
                    },
                    refusals));
            calls.add(new Call(
                    s + ".getWarnings()",
                    host -> Seen.warnings(host.statement(s).getWarnings()),
                    refusals));
        }
        if (random.nextInt(8) == 0) {
            calls.add(new Call(s + " properties", host -> properties(host, host.statement(s)), refusals));
        }
    }

    private static String properties(Host host, Statement s) throws SQLException {
        return "rows " + s.getMaxRows() + " large " + s.getLargeMaxRows() + " fetch " + s.getFetchSize() + " field "
                + s.getMaxFieldSize() + " timeout " + s.getQueryTimeout() + " direction " + s.getFetchDirection()
                + " type " + s.getResultSetType() + " concurrency " + s.getResultSetConcurrency() + " hold "
                + s.getResultSetHoldability() + " poolable " + s.isPoolable() + " completes "
                + s.isCloseOnCompletion() + " closed " + s.isClosed() + " own "
                + (s.getConnection() == host.connection());
    }

    /** What is set, right and wrong. */
    static void settings(SplittableRandom random, String s, Set<Refused> refusals, List<Call> calls) {
        int rows = random.nextInt(-1, 4);
        boolean kept = s.startsWith("p"); // by the driver's cache, for whoever prepares the same text next
        int most = kept ? -1 : rows;
        switch (random.nextInt(10)) {
            case 0 -> calls.add(act(s, "setMaxRows(" + most + ")", on -> on.setMaxRows(most), refusals));
            case 1 -> calls.add(act(s, "setLargeMaxRows(" + most + ")", on -> on.setLargeMaxRows(most), refusals));
            case 2 -> calls.add(act(s, "setFetchSize(" + rows + ")", on -> on.setFetchSize(rows), refusals));
            case 3 ->
                calls.add(act(s, "setQueryTimeout(" + rows * 20 + ")", on -> on.setQueryTimeout(rows * 20), refusals));
            case 4 ->
                calls.add(act(s, "setMaxFieldSize(" + rows * 9 + ")", on -> on.setMaxFieldSize(rows * 9), refusals));
            case 5 -> calls.add(act(s, "setEscapeProcessing(false)", on -> on.setEscapeProcessing(false), refusals));
            case 6 -> calls.add(act(s, "setPoolable(true)", on -> on.setPoolable(true), refusals));
            case 7 -> calls.add(act(s, "setPoolable(false)", on -> on.setPoolable(false), refusals));
            case 8 -> calls.add(act(s, "setCursorName(\"x\")", on -> on.setCursorName("x"), refusals));
            default ->
                calls.add(act(
                        s,
                        "setFetchDirection(FETCH_REVERSE)",
                        on -> on.setFetchDirection(ResultSet.FETCH_REVERSE),
                        refusals));
        }
    }
}
