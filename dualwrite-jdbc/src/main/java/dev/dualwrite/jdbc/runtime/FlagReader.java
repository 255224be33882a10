package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Ownership;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that asks the host's flag source. It does nothing else, so that a source which does not answer keeps nobody waiting.
 */
final class FlagReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlagReader.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** An answer that takes longer is told. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    private final Settings settings;
    private final FlagSource source;
    private final SourceWishes wishes;
    private final Supplier<Ownership> ownership;
    private final Thread thread;

    // written by the thread, read by others
    private volatile Optional<Long> askedAt = Optional.empty();
    private volatile Duration took = Duration.ZERO;
    private volatile boolean closed;

    /** Only touched by {@link #watch()}. */
    private boolean complained;

    FlagReader(Settings settings, SourceWishes wishes, Supplier<Ownership> ownership) {
        this.settings = settings;
        this.source = settings.flags();
        this.wishes = wishes;
        this.ownership = ownership;
        this.thread = new Thread(this::run, "dualwrite-" + settings.name() + "-flags");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            Ownership now = ownership.get();
            if (now.epoch() > 0) {
                long began = System.nanoTime();
                askedAt = Optional.of(began);
                try {
                    Said said = Said.by(source);
                    wishes.hear(said, ownership.get().phase());
                } catch (RuntimeException | Error e) {
                    LOG.warn("DW-5010 the flag source failed; what it was asked for stays what it is", e);
                } finally {
                    took = Duration.ofNanos(System.nanoTime() - began);
                    askedAt = Optional.empty();
                }
            }
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                if (closed) {
                    return;
                }
            }
        }
    }

    /** That the source is slow, if it is. */
    Optional<String> slow() {
        Optional<Duration> waiting = askedAt.map(at -> Duration.ofNanos(System.nanoTime() - at));
        if (waiting.isPresent() && waiting.get().compareTo(SLOW) > 0) {
            return Optional.of("the flag source has not answered for "
                    + waiting.get().toSeconds() + " s; everything stays as it said last (DW-5025)");
        }
        return took.compareTo(SLOW) > 0
                ? Optional.of("the flag source took " + took.toSeconds() + " s to answer (DW-5025)")
                : Optional.empty();
    }

    /** Tells the log, once for each time that the source becomes slow. Called by one thread. */
    void watch() {
        Optional<String> slow = slow();
        if (slow.isPresent() && !complained) {
            LOG.warn("DW-5025 {}: {}", settings.name(), slow.get());
        }
        complained = slow.isPresent();
    }

    /** Does not wait for a source that does not answer: its thread ends with the answer, or with the process. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
