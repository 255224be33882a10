package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that must hold on each side by itself, as code or as a query for the rows that break it. Immutable if its check is.
 *
 * @param name what must hold, for people
 * @param check whether it does
 * @param source where to ask
 * @param target where to ask
 */
public record Invariant(String name, Check check, Oracle.Connector source, Oracle.Connector target) {
    /** Looks at one side. */
    @FunctionalInterface
    public interface Check {
        /** What breaks it there, in words, one for each row or whatever it is that does; empty if it holds. */
        List<String> broken(Connection side) throws SQLException;
    }

    /**
     * By the same query that a gate is given as {@code invariant(name, query)}.
     *
     * @param query one SELECT that answers the rows which break it, with bare table names
     */
    public static Invariant of(String name, String query, Oracle.Connector source, Oracle.Connector target) {
        return new Invariant(name, new BreakingRows(query), source, target);
    }

    /**
     * What breaks it on the source.
     *
     * @param limit how many to tell
     * @return empty if it holds; of more than the limit, a last line that says how many more
     */
    public List<String> brokenOnSource(int limit) throws SQLException {
        return broken(source, limit);
    }

    /** As {@link #brokenOnSource(int)}, on the target. */
    public List<String> brokenOnTarget(int limit) throws SQLException {
        return broken(target, limit);
    }

    private List<String> broken(Oracle.Connector side, int limit) throws SQLException {
        try (Connection connection = side.connect()) {
            List<String> all = check.broken(connection);
            if (all.size() <= limit) {
                return all;
            }
            List<String> first = new ArrayList<>(all.subList(0, limit));
            first.add("… and " + (all.size() - limit) + " more");
            return first;
        }
    }
}
