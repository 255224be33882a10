package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.control.AuditTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes audit rows behind the back of what they are about, in order, so that no writer waits for one in a
 * freeze. What cannot be written is logged.
 */
final class Audit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    /** Entries among which one is looked for before it is told again. */
    private static final int LATELY = 100;

    private final Places places;
    private final Settings settings;
    private final ExecutorService thread;

    Audit(Places places, Settings settings) {
        this.places = places;
        this.settings = settings;
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread t = new Thread(work, "dualwrite-" + settings.name() + "-audit");
            t.setDaemon(true);
            return t;
        });
    }

    void add(Side side, long epoch, String event, String detail) {
        LOG.info("{}: {} {} at epoch {} {}", settings.name(), side, event, epoch, detail);
        thread.execute(() -> {
            try (Connection connection = places.of(side).control().connection()) {
                places.of(side).control().audit().add(connection, epoch, event, settings.instance(), detail);
            } catch (SQLException e) {
                LOG.warn(
                        "{}: the audit row '{}' of {} could not be written: {}",
                        settings.name(),
                        event,
                        side,
                        e.toString());
            }
        });
    }

    /** As {@link #add}, of what every instance sees: unless another one has told it lately. */
    void once(Side side, long epoch, String event, String detail) {
        thread.execute(() -> {
            try (Connection connection = places.of(side).control().connection()) {
                AuditTable audit = places.of(side).control().audit();
                if (audit.tail(connection, LATELY).stream()
                        .noneMatch(entry ->
                                entry.event().equals(event) && entry.detail().equals(detail))) {
                    audit.add(connection, epoch, event, settings.instance(), detail);
                }
            } catch (SQLException e) {
                LOG.warn(
                        "{}: the audit row '{}' of {} could not be written: {}",
                        settings.name(),
                        event,
                        side,
                        e.toString());
            }
        });
    }

    /** Waits until what was added is written, for a bounded time. */
    void flush(Duration patience) {
        try {
            thread.submit(() -> {}).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("audit rows are still being written", e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("{}: some audit rows were not written before the end", settings.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
