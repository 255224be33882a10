package dev.dualwrite.samples.iot.app;

import dev.dualwrite.samples.iot.device.DeviceState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The application's transactions. Plain JDBC: nothing here knows of a migration. Each either commits, or throws and has
 * stored nothing, or says that it does not know. Thread-safe.
 */
final class DeviceStore {
    private static final String LOAD =
            "SELECT slot, counter, total, lowest, highest, smoothed FROM device WHERE id = ? FOR UPDATE";
    private static final String STATE = """
            UPDATE device SET counter = ?, total = ?, lowest = ?, highest = ?, smoothed = ?, last_at = ?
             WHERE id = ?""";
    private static final String READING = "INSERT INTO reading (device, number, at, value) VALUES (?, ?, ?, ?)";
    private static final String REGISTER = """
            INSERT INTO device (id, slot, counter, total, lowest, highest, smoothed, last_at)
            VALUES (?, ?, 0, 0, 0, 0, 0, ?)""";
    private static final String RETIRE = "DELETE FROM device WHERE id = ?";
    private static final String SLOT = "UPDATE device SET slot = ? WHERE id = ?";

    private final DataSource dataSource;

    DeviceStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The state before and after. */
    record Step(DeviceState before, DeviceState after) {}

    /** Stores a reading: the device's previous state, under its lock, decides what is stored. */
    Step reading(long device, long value, long at) throws SQLException, UnknownOutcomeException {
        return inTransaction(connection -> {
            DeviceState before = load(connection, device).orElseThrow(() -> missing(device));
            DeviceState after = before.next(value);
            try (PreparedStatement update = connection.prepareStatement(STATE);
                    PreparedStatement insert = connection.prepareStatement(READING)) {
                update.setLong(1, after.counter());
                update.setLong(2, after.total());
                update.setLong(3, after.lowest());
                update.setLong(4, after.highest());
                update.setLong(5, after.smoothed());
                update.setLong(6, at);
                update.setLong(7, device);
                update.executeUpdate();
                insert.setLong(1, device);
                insert.setLong(2, after.counter());
                insert.setLong(3, at);
                insert.setLong(4, value);
                insert.executeUpdate();
            }
            return new Step(before, after);
        });
    }

    /** Two devices exchange their slots. The slot is unique, so one of them gives its own up first. */
    void swap(long first, long second) throws SQLException, UnknownOutcomeException {
        inTransaction(connection -> {
            DeviceState one = load(connection, Math.min(first, second)).orElseThrow(() -> missing(first));
            DeviceState other = load(connection, Math.max(first, second)).orElseThrow(() -> missing(second));
            try (PreparedStatement update = connection.prepareStatement(SLOT)) {
                update.setObject(1, null);
                update.setLong(2, one.id());
                update.executeUpdate();
                update.setLong(1, one.slot());
                update.setLong(2, other.id());
                update.executeUpdate();
                update.setLong(1, other.slot());
                update.setLong(2, one.id());
                update.executeUpdate();
            }
            return one;
        });
    }

    /** A new device. */
    void register(long device, long slot, long at) throws SQLException, UnknownOutcomeException {
        inTransaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(REGISTER)) {
                insert.setLong(1, device);
                insert.setLong(2, slot);
                insert.setLong(3, at);
                return insert.executeUpdate();
            }
        });
    }

    /** The end of a device; its history stays. */
    void retire(long device) throws SQLException, UnknownOutcomeException {
        inTransaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement(RETIRE)) {
                delete.setLong(1, device);
                return delete.executeUpdate();
            }
        });
    }

    /** What is stored of a device now. Waits for a transaction on it that is not decided. */
    Optional<DeviceState> look(long device) throws SQLException, UnknownOutcomeException {
        return inTransaction(connection -> load(connection, device));
    }

    private static Optional<DeviceState> load(Connection connection, long device) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOAD)) {
            select.setLong(1, device);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new DeviceState(
                                device,
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6)))
                        : Optional.empty();
            }
        }
    }

    private static SQLException missing(long device) {
        return new SQLException("device " + device + " was acknowledged to exist and has no row", "02000");
    }

    private <T> T inTransaction(Work<T> work) throws SQLException, UnknownOutcomeException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            T result;
            try {
                result = work.on(connection);
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
            commit(connection);
            return result;
        }
    }

    private static void commit(Connection connection) throws SQLException, UnknownOutcomeException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("08")) {
                throw new UnknownOutcomeException(e);
            }
            rollBack(connection, e);
            throw e;
        }
    }

    /** A connection that cannot roll back is lost, and its transaction with it. */
    private static void rollBack(Connection connection, Exception because) {
        try {
            connection.rollback();
        } catch (SQLException lost) {
            because.addSuppressed(lost);
        }
    }

    /** What happens between the beginning of a transaction and its commit. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }
}
