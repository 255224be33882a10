package dev.dualwrite.testkit.oracle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * An invariant as a query for the rows that break it. Immutable.
 *
 * @param query one SELECT
 */
record BreakingRows(String query) implements Invariant.Check {
    private static final int LONGEST = 200;

    @Override
    public List<String> broken(Connection side) throws SQLException {
        List<String> broken = new ArrayList<>();
        try (Statement statement = side.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            int width = row.getMetaData().getColumnCount();
            while (row.next()) {
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
        return broken;
    }
}
