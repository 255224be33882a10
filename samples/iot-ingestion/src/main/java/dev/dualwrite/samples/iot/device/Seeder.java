package dev.dualwrite.samples.iot.device;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Puts the beginning into a database, fast: statements of thousands of rows, few commits. */
public final class Seeder {
    private static final int ROWS = 2_000;
    private static final long A_DAY = 86_400_000;

    private final Connection connection;
    private final Beginning beginning;
    private final long now;

    public Seeder(Connection connection, Beginning beginning, long now) {
        this.connection = connection;
        this.beginning = beginning;
        this.now = now;
    }

    /** Inserts every row. The connection is left as it was. */
    public void run() throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            Rows devices = new Rows(
                    statement,
                    "INSERT INTO device (id, slot, counter, total, lowest, highest, smoothed, last_at) VALUES ");
            for (long id = 1; id <= beginning.devices(); id++) {
                DeviceState state = beginning.device(id);
                devices.add("(%d,%d,%d,%d,%d,%d,%d,%d)"
                        .formatted(
                                id,
                                state.slot(),
                                state.counter(),
                                state.total(),
                                state.lowest(),
                                state.highest(),
                                state.smoothed(),
                                now));
            }
            devices.flush();
            connection.commit();
            readings(statement);
            connection.commit();
            for (String table : Tables.NAMES) {
                statement.execute("ANALYZE TABLE " + table); // estimates of the number of rows are taken from it
            }
        }
        connection.setAutoCommit(true);
    }

    private void readings(Statement statement) throws SQLException {
        Rows readings = new Rows(statement, "INSERT INTO reading (device, number, at, value) VALUES ");
        long longest = beginning.readingsOf(1);
        for (long number = 1; number <= longest; number++) {
            long at = now - A_DAY + A_DAY * number / (longest + 1);
            for (long device = 1; device <= beginning.devices(); device++) {
                if (number <= beginning.readingsOf(device)) {
                    readings.add("(" + device + "," + number + "," + at + "," + beginning.value(device, number) + ")");
                }
            }
        }
        readings.flush();
    }

    private static final class Rows {
        private final Statement statement;
        private final String head;
        private final StringBuilder text = new StringBuilder();
        private int count;

        private Rows(Statement statement, String head) {
            this.statement = statement;
            this.head = head;
        }

        private void add(String row) throws SQLException {
            text.append(count == 0 ? head : ",").append(row);
            if (++count == ROWS) {
                flush();
            }
        }

        private void flush() throws SQLException {
            if (count > 0) {
                statement.executeUpdate(text.toString());
                text.setLength(0);
                count = 0;
            }
        }
    }
}
