package dev.dualwrite.benchmarks;

import dev.dualwrite.Phase;
import dev.dualwrite.benchmarks.Calls.Counts;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * All that an application does for one statement, from asking for a connection to having given it back, over a
 * {@link StubDriver}. No speed is asserted. What is: everything reached the driver that was to, and nothing else.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Cycle {
    /** The name of a {@link Wrapper}. */
    @Param("BARE")
    public String wrapper = "";

    /** Whether each statement commits by itself. */
    @Param({"false", "true"})
    public boolean autoCommit;

    private long cycles;
    private String update = "";
    private String read = "";
    private StubDriver driver = StubDriver.of(true, Phase.SOURCE_ONLY);
    private DataSource source = driver;

    @Setup
    public void begin() throws SQLException {
        Wrapper chosen = Wrapper.valueOf(wrapper);
        driver = StubDriver.of(autoCommit, chosen.phase());
        source = chosen.over(driver);
        update = "UPDATE " + chosen.table() + " SET balance = ?, note = ? WHERE id = ?";
        read = "SELECT balance FROM " + chosen.table() + " WHERE balance > ? AND note = ? AND id = ?";
        cycles = 0;
    }

    /** The processor time of the thread: unlike the time that goes by, it is without that of others. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Processor {
        private long began;
        private long done;

        /** Nanoseconds a cycle. */
        public double nanos;

        @Setup(Level.Iteration)
        public void begin() {
            done = 0;
            began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        @TearDown(Level.Iteration)
        public void end() {
            long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;
            nanos = took / (double) done;
        }
    }

    @Benchmark
    public int update(Processor processor) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(update)) {
            set(statement, processor);
            int count = statement.executeUpdate();
            if (!autoCommit) {
                connection.commit();
            }
            return count;
        }
    }

    @Benchmark
    public long read(Processor processor) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(read)) {
            set(statement, processor);
            long balance;
            try (ResultSet row = statement.executeQuery()) {
                balance = row.next() ? row.getLong(1) : 0;
            }
            if (!autoCommit) {
                connection.commit();
            }
            return balance;
        }
    }

    private void set(PreparedStatement statement, Processor processor) throws SQLException {
        cycles++;
        processor.done++;
        statement.setLong(1, cycles & 0xFFF);
        statement.setString(2, "paid");
        statement.setLong(3, cycles & 0xFFFF);
    }

    @TearDown
    public void check() {
        Counts counts = driver.calls().counts();
        Counts expected = expected(Wrapper.valueOf(wrapper), counts.reads() == 0);
        if (!counts.equals(expected)) {
            throw new IllegalStateException(counts + " instead of " + expected);
        }
    }

    private Counts expected(Wrapper chosen, boolean updating) {
        boolean boundary = chosen.boundary();
        boolean fenced = updating && (chosen == Wrapper.SOURCE_ONLY || chosen == Wrapper.DUAL_WRITE);
        boolean captured = fenced && chosen == Wrapper.DUAL_WRITE;
        // it is asked once at the start; where intents prove it, once more
        long fences = (boundary ? 1 : 0) + (captured ? 1 : fenced ? cycles : 0);
        return new Counts(
                updating ? cycles : 0,
                updating ? 0 : cycles,
                captured ? cycles : 0,
                fences,
                fenced && autoCommit ? cycles : 0,
                fenced || !autoCommit ? cycles : 0);
    }
}
