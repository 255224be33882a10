package dev.dualwrite.benchmarks;

import dev.dualwrite.Phase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import org.jspecify.annotations.Nullable;

/** A statement that changes one row, or finds one; as text it knows what the library asks. */
abstract class StubStatement implements PreparedStatement {
    private final StubRow found = Partial.of(StubRow.class);
    private final StubRow session = Partial.of(StubRow.class);
    private final StubRow fence = Partial.of(StubRow.class);
    private @Nullable Connection connection;
    private @Nullable Calls calls;

    /** The last parameter, so that setting one is not nothing at all. */
    private @Nullable Object parameter;

    private long number;

    void begin(Connection of, Calls counted, Phase phase) {
        connection = of;
        calls = counted;
        found.begin(1L);
        session.begin("REPEATABLE-READ", 1L, "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION", "utf8mb4", false, "utf8mb4");
        fence.begin("OPEN", phase.name(), 7L, "attempt", 7L, 0, 0L, 0L, 0L, "server", "server");
    }

    private Calls calls() {
        Calls counted = calls;
        if (counted == null) {
            throw new IllegalStateException("not begun");
        }
        return counted;
    }

    @Override
    public void setLong(int index, long value) {
        number = value;
    }

    @Override
    public void setString(int index, String value) {
        parameter = value;
    }

    @Override
    public int executeUpdate() {
        calls().updates++;
        return 1;
    }

    @Override
    public ResultSet executeQuery() {
        calls().reads++;
        return found.before();
    }

    @Override
    public int executeUpdate(String sql) {
        if (!sql.startsWith("INSERT INTO `stub`.`dualwrite_intent`")) {
            throw new IllegalArgumentException(sql);
        }
        calls().intents++;
        return 1;
    }

    @Override
    public ResultSet executeQuery(String sql) {
        if (sql.startsWith("SELECT @@session.")) {
            return session.before();
        }
        calls().fences++;
        if (sql.startsWith("SELECT 1 FROM `stub`.`dualwrite_fence`")) {
            return found.before();
        }
        if (sql.startsWith("SELECT state, phase, epoch,")) {
            return fence.before();
        }
        throw new IllegalArgumentException(sql);
    }

    @Override
    public boolean execute(String sql) {
        if (sql.equals("BEGIN")) {
            calls().begins++;
        } else if (sql.startsWith("COMMIT")) {
            calls().commits++;
        } else {
            throw new IllegalArgumentException(sql);
        }
        return false;
    }

    @Override
    public void close() {
        // it is there for the next one
    }

    @Override
    public boolean isClosed() {
        return false;
    }

    @Override
    public @Nullable Connection getConnection() {
        return connection;
    }

    @Override
    public @Nullable SQLWarning getWarnings() {
        return null;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("no " + type);
    }

    @Override
    public String toString() {
        return "last " + number + ", " + parameter;
    }
}
