package dev.dualwrite.samples.iot.verdict;

import dev.dualwrite.samples.iot.device.Tables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares both sides, row by row and both ways, while the application writes; shares no code with the library.
 *
 * <p>Every row is read once on both sides. Rows that differ then were perhaps on their way, and are read again, both
 * sides at about the same time, until they are equal; a row that never becomes equal is a difference. So rows that do
 * not change, as all of the history, are compared exactly, and rows that change have been equal at some moment.
 */
public final class LiveComparison {
    private static final int TOGETHER = 500;
    private static final int TOLD = 10;

    private final Connection owner;
    private final Connection follower;
    private final Duration patience;

    public LiveComparison(Connection owner, Connection follower, Duration patience) {
        this.owner = owner;
        this.follower = follower;
        this.patience = patience;
    }

    /** Compares all tables. */
    public Comparison run() throws SQLException {
        long rows = 0;
        List<String> differences = new ArrayList<>();
        for (String table : Tables.NAMES) {
            Set<Long> different = new TreeSet<>();
            rows += pass(table, different);
            settle(table, different);
            different.stream()
                    .limit(TOLD)
                    .forEach(id -> differences.add("row " + id + " of " + table + " is not the same on both sides"));
        }
        return new Comparison(rows, differences);
    }

    /** Walks both sides beside each other, by primary key. */
    private long pass(String table, Set<Long> different) throws SQLException {
        long rows = 0;
        String all = "SELECT * FROM " + table + " ORDER BY id";
        try (Statement one = streaming(owner);
                Statement other = streaming(follower);
                ResultSet left = one.executeQuery(all);
                ResultSet right = other.executeQuery(all)) {
            Row ours = next(left);
            Row theirs = next(right);
            while (ours != null || theirs != null) {
                int order = ours == null ? 1 : theirs == null ? -1 : Long.compare(ours.id(), theirs.id());
                if (order != 0 || !Objects.equals(ours, theirs)) {
                    different.add(
                            Objects.requireNonNull(order <= 0 ? ours : theirs).id());
                }
                if (order <= 0) {
                    rows++;
                    ours = next(left);
                }
                if (order >= 0) {
                    theirs = next(right);
                }
            }
        }
        return rows;
    }

    private static Statement streaming(Connection connection) throws SQLException {
        Statement statement = connection.createStatement();
        statement.setFetchSize(Integer.MIN_VALUE);
        return statement;
    }

    /** Reads what differs again until it does not, or until patience ends. */
    private void settle(String table, Set<Long> different) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!different.isEmpty() && System.nanoTime() < deadline) {
            List<Long> some = new ArrayList<>(different);
            for (int i = 0; i < some.size(); i += TOGETHER) {
                List<Long> ids = some.subList(i, Math.min(some.size(), i + TOGETHER));
                Map<Long, Row> theirs = rows(follower, table, ids);
                Map<Long, Row> ours = rows(owner, table, ids);
                ids.stream()
                        .filter(id -> Objects.equals(ours.get(id), theirs.get(id)))
                        .forEach(different::remove);
            }
            if (!different.isEmpty()) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static Map<Long, Row> rows(Connection connection, String table, List<Long> ids) throws SQLException {
        Map<Long, Row> rows = new HashMap<>();
        String wanted = ids.stream().map(String::valueOf).collect(Collectors.joining(","));
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM " + table + " WHERE id IN (" + wanted + ")")) {
            for (Row row = next(result); row != null; row = next(result)) {
                rows.put(row.id(), row);
            }
        }
        return rows;
    }

    private record Row(long id, String image) {}

    private static @Nullable Row next(ResultSet result) throws SQLException {
        if (!result.next()) {
            return null;
        }
        StringBuilder image = new StringBuilder();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            image.append(result.getString(i)).append('|');
        }
        return new Row(result.getLong(1), image.toString());
    }
}
