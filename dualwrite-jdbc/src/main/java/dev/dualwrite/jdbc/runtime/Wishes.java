package dev.dualwrite.jdbc.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators wish for, from the control table and from the host's {@link FlagSource}: a phase, a hold, the
 * kill switch. Refreshed by one thread, read by all. A source that throws leaves everything as it was.
 */
final class Wishes {
    static final String PHASE = "phase";
    static final String HOLD = "hold";
    static final String KILL = "kill";

    /** {@code pause}: backfills stand still. */
    static final String BACKFILL = "backfill";

    /** Any new value ends the backfills that run. */
    static final String CANCEL = "backfill-cancel";

    private static final Logger LOG = LoggerFactory.getLogger(Wishes.class);

    private final FlagSource source;

    // Each is written by the refreshing thread or an API call and read by others; a stale value is a late wish.
    /** Only until the table says so: then whoever releases it there releases it here. */
    private volatile boolean killedHere;

    /** Until the table was read, nobody knows that converging is allowed. */
    private volatile boolean killedByTable = true;

    private volatile boolean killedBySource;
    private volatile boolean heldByTable;
    private volatile boolean heldBySource;
    private volatile boolean backfillPaused;
    private volatile String cancellation = "";
    private volatile Optional<Phase> tablePhase = Optional.empty();
    private volatile Optional<Phase> sourcePhase = Optional.empty();

    /** What the source said last, acted upon or not. */
    private volatile Optional<Phase> sourceSays = Optional.empty();

    /** What the source said when it was first asked or last acted upon; only a change is a wish. */
    private Optional<Phase> sourceBaseline = Optional.empty();

    private boolean sourceAsked;
    private boolean complained;

    /** When this instance last wrote the table; what was read before that is out of date. */
    @GuardedBy("this") private long writtenAt = System.nanoTime();

    Wishes(FlagSource source) {
        this.source = source;
    }

    boolean killed() {
        return killedHere || killedByTable || killedBySource;
    }

    void kill(boolean on) {
        killedHere = on;
    }

    /** The table was written. */
    synchronized void killedByTable(boolean on) {
        writtenAt = System.nanoTime();
        killedByTable = on;
        killedHere = false;
    }

    /** Whether backfills stand still. */
    boolean backfillPaused() {
        return backfillPaused;
    }

    /** Changes when running backfills are to end. */
    String cancellation() {
        return cancellation;
    }

    /** The table was written. */
    synchronized void backfillByTable(boolean paused) {
        writtenAt = System.nanoTime();
        backfillPaused = paused;
    }

    /** The table was written. */
    synchronized void cancelledByTable(String value) {
        writtenAt = System.nanoTime();
        cancellation = value;
    }

    /** The table was written. */
    synchronized void heldByTable(boolean on) {
        writtenAt = System.nanoTime();
        heldByTable = on;
    }

    Optional<String> held() {
        if (heldByTable || heldBySource) {
            return Optional.of(
                    "held by " + (heldByTable ? "hold() or the flag table" : "the flag source") + ": release the hold");
        }
        return Optional.empty();
    }

    /** Who names a phase that is not in force, and whether it is a wish. */
    List<String> differing(Phase inForce) {
        List<String> differing = new ArrayList<>();
        tablePhase
                .filter(phase -> phase != inForce)
                .ifPresent(phase -> differing.add("the flag table wishes for " + phase));
        sourceSays
                .filter(phase -> phase != inForce)
                .ifPresent(phase -> differing.add(
                        sourcePhase.equals(Optional.of(phase))
                                ? "the flag source wishes for " + phase
                                : "the flag source says " + phase
                                        + ", which is no wish, for it has not changed since the start or since it was"
                                        + " granted: the fence decides (DW-5009)"));
        return differing;
    }

    /** The phase that the flag table asks for. */
    Optional<Phase> tableWish() {
        return tablePhase;
    }

    /** The phase that the flag source has come to ask for. */
    Optional<Phase> sourceWish() {
        return sourcePhase;
    }

    /** A phase was entered because it was wished for: the wish is over and must not undo a later decision. */
    void fulfilled(Phase phase) {
        if (sourcePhase.equals(Optional.of(phase))) {
            sourceBaseline = sourcePhase;
            sourcePhase = Optional.empty();
        }
        tablePhase = tablePhase.filter(wish -> wish != phase);
    }

    /** @param began when the table began to be read */
    synchronized void readTable(Map<String, String> flags, long began) {
        if (began < writtenAt) {
            return;
        }
        killedByTable = on(flags.get(KILL));
        backfillPaused = "pause".equalsIgnoreCase(flags.get(BACKFILL));
        cancellation = flags.getOrDefault(CANCEL, "");
        heldByTable = on(flags.get(HOLD));
        tablePhase = Optional.ofNullable(flags.get(PHASE)).flatMap(Wishes::phase);
    }

    private static boolean on(@Nullable String value) {
        return value != null && (value.equalsIgnoreCase("on") || value.equalsIgnoreCase("true") || value.equals("1"));
    }

    private static Optional<Phase> phase(String text) {
        try {
            return Optional.of(Phase.valueOf(text.trim().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            LOG.warn("DW-5008 the flag table wishes for the phase '{}', which does not exist; it is ignored", text);
            return Optional.empty();
        }
    }

    /** Asks the source; {@code inForce} is the phase that the fence says. */
    void readSource(Phase inForce) {
        try {
            boolean kill = source.kill();
            boolean hold = source.hold();
            Optional<Phase> wish = source.requestedPhase();
            killedBySource = kill;
            heldBySource = hold;
            sourceSays = wish;
            if (!sourceAsked) {
                sourceAsked = true;
                sourceBaseline = wish;
                if (wish.isPresent() && wish.get() != inForce) {
                    LOG.warn(
                            "DW-5009 the flag source wishes for {} at start-up while {} is in force; the fence decides,"
                                    + " change the flag to make it a wish",
                            wish.get(),
                            inForce);
                }
            } else if (!wish.equals(sourceBaseline)) {
                sourcePhase = wish.filter(phase -> phase != inForce);
                if (sourcePhase.isEmpty()) {
                    sourceBaseline = wish;
                }
            }
            complained = false;
        } catch (RuntimeException e) {
            if (!complained) {
                LOG.warn("DW-5010 the flag source failed; the phase stays what it is", e);
                complained = true;
            }
        }
    }
}
