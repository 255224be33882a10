package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that must hold on each side by itself: a query that answers the rows which break it, and nothing if it holds;
 * the same query that a gate is given as {@code invariant(name, query)}. Immutable.
 *
 * @param name what must hold, for people
 * @param query one SELECT, with bare table names
 * @param source where to ask
 * @param target where to ask
 */
public record Invariant(String name, String query, Oracle.Connector source, Oracle.Connector target) {
    private static final int LONGEST = 200;

    /**
     * The rows that break it on the source.
     *
     * @param limit how many to tell
     * @return empty if it holds; of more rows than the limit, a last line that says how many more
     */
    public List<String> brokenOnSource(int limit) throws SQLException {
        return broken(source, limit);
    }

    /** As {@link #brokenOnSource(int)}, on the target. */
    public List<String> brokenOnTarget(int limit) throws SQLException {
        return broken(target, limit);
    }

    private List<String> broken(Oracle.Connector side, int limit) throws SQLException {
        List<String> broken = new ArrayList<>();
        long more = 0;
        try (Connection connection = side.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            int width = row.getMetaData().getColumnCount();
            while (row.next()) {
                if (broken.size() == limit) {
                    more++;
                    continue;
                }
                StringBuilder text = new StringBuilder();
                for (int i = 1; i <= width; i++) {
                    text.append(i == 1 ? "" : " ")
                            .append(row.getMetaData().getColumnLabel(i))
                            .append('=')
                            .append(row.getString(i));
                }
                broken.add(text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text.toString());
            }
        }
        if (more > 0) {
            broken.add("… and " + more + " more");
        }
        return broken;
    }
}
