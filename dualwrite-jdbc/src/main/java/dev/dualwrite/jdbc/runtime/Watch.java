package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Cohort;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.InstanceTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that looks at one side: its fence row several times a second (more often while a writer waits
 * for a side to open), and once a second this instance's heartbeat and what the server runs with. A side
 * that does not answer delays its own watch and nothing else.
 */
final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration CALM = Duration.ofMillis(150);
    private static final Duration URGENT = Duration.ofMillis(3);
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final Place place;
    private final Settings settings;
    private final String configuration;
    private final Beliefs beliefs;
    private final Pulses pulses;
    private final LongSupplier writes;
    private final BiConsumer<Place, FenceRow> onRow;
    private final Thread thread;
    private volatile boolean closed;

    // only touched by the thread
    private long lastBeat;
    private long lastPulse = System.nanoTime() - BEAT.toNanos();
    private long beatenEpoch = -1;
    private boolean answered = true;
    private boolean compared = true;

    /** {@code onRow} hears of every row that was read, and must not block for long. */
    Watch(
            Place place,
            Settings settings,
            String configuration,
            Beliefs beliefs,
            Pulses pulses,
            LongSupplier writes,
            BiConsumer<Place, FenceRow> onRow) {
        this.place = place;
        this.settings = settings;
        this.configuration = configuration;
        this.beliefs = beliefs;
        this.pulses = pulses;
        this.writes = writes;
        this.onRow = onRow;
        this.thread = new Thread(this::run, "dualwrite-" + settings.name() + "-watch-" + place.side());
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            Duration pause = CALM;
            try {
                look();
                if (!answered) {
                    LOG.info("{}: {} answers again", settings.name(), place.side());
                    answered = true;
                }
                pause = beliefs.awaited() ? URGENT : CALM;
            } catch (SQLException | DualWriteException e) {
                beliefs.unreachable(place.side(), e);
                if (answered && !closed) {
                    LOG.warn("{}: {} does not answer: {}", settings.name(), place.side(), e.toString());
                    answered = false;
                }
            } catch (RuntimeException e) {
                LOG.error("{}: the watch of {} met an unexpected error and goes on", settings.name(), place.side(), e);
            }
            try {
                Thread.sleep(pause.toMillis());
            } catch (InterruptedException e) {
                if (closed) {
                    return;
                }
            }
        }
    }

    private void look() throws SQLException {
        ControlSide control = place.reach().control();
        Optional<FenceRow> row;
        try (Connection connection = control.connection()) {
            if (!answered || System.nanoTime() - lastPulse >= BEAT.toNanos()) {
                comparePulse(control, connection); // before the row is believed
                lastPulse = System.nanoTime();
            }
            long began = System.nanoTime();
            row = control.fence().read(connection);
            if (row.isPresent()) {
                beliefs.saw(row.get(), began);
                beat(control, connection);
            }
        }
        row.ifPresent(found -> onRow.accept(place, found));
    }

    /** Whether the fence can be read does not depend on it. */
    private void comparePulse(ControlSide control, Connection connection) {
        try {
            pulses.beat(control, connection);
            compared = true;
        } catch (SQLException e) {
            if (!compared) {
                return; // said already
            }
            compared = false;
            LOG.warn(
                    "{}: the pulse of {} cannot be compared, so an older copy would not be noticed: {}",
                    settings.name(),
                    place.side(),
                    e.toString());
        }
    }

    private void beat(ControlSide control, Connection connection) throws SQLException {
        long epoch = beliefs.epoch();
        long now = System.nanoTime();
        if (epoch == beatenEpoch && now - lastBeat < BEAT.toNanos()) {
            return;
        }
        control.instances()
                .beat(
                        connection,
                        new InstanceTable.Beat(
                                settings.instance(),
                                epoch,
                                Digest.of(
                                        configuration, settings, place.require().schema()),
                                Cohort.FUNCTION,
                                Version.STRING,
                                writes.getAsLong()));
        control.attestations().attest(connection, control.attestations().look(connection));
        beatenEpoch = epoch;
        lastBeat = now;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
