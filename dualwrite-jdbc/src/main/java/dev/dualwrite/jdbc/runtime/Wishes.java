package dev.dualwrite.jdbc.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.Cohort;
import dev.dualwrite.Phase;
import dev.dualwrite.TextFlags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators wish for, from the control table and from the host's {@link dev.dualwrite.FlagSource}: a phase, a hold, the
 * kill switch, readers. Refreshed by few threads, read by all.
 */
final class Wishes {
    static final String PHASE = TextFlags.PHASE;
    static final String HOLD = TextFlags.HOLD;
    static final String KILL = TextFlags.KILL;

    /** {@code pause}: backfills stand still. */
    static final String BACKFILL = "backfill";

    /** Any new value ends the backfills that run. */
    static final String CANCEL = "backfill-cancel";

    private static final Logger LOG = LoggerFactory.getLogger(Wishes.class);

    private final SourceWishes source = new SourceWishes();

    // Each is written by the refreshing thread or an API call and read by others; a stale value is a late wish.
    /** Only until the table says so: then whoever releases it there releases it here. */
    private volatile boolean killedHere;

    /** Until the table was read, nobody knows that converging is allowed. */
    private volatile boolean killedByTable = true;

    private volatile boolean heldByTable;
    private volatile boolean backfillPaused;
    private volatile String cancellation = "";
    private volatile Optional<Phase> tablePhase = Optional.empty();
    private volatile OptionalDouble tableShare = OptionalDouble.empty();
    private volatile Map<String, Set<String>> tableMembers = Map.of();
    private volatile OptionalDouble tableSampling = OptionalDouble.empty();

    /** Why readers that are wished for are not taken in. */
    private volatile Optional<String> readersRefused = Optional.empty();

    /** The table as it was read last. */
    private volatile Map<String, String> table = Map.of();

    /** By flag, what of the table cannot be read. */
    @GuardedBy("this") private final Map<String, String> unreadable = new HashMap<>();

    /** When this instance last wrote the table; what was read before that is out of date. */
    @GuardedBy("this") private long writtenAt = System.nanoTime();

    /** What the host's flag source says. */
    SourceWishes source() {
        return source;
    }

    boolean killed() {
        return killedHere || killedByTable || source.killed();
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
        return backfillPaused || source.paused();
    }

    /** Changes when running backfills are to end. */
    String cancellation() {
        return cancellation;
    }

    /** The share of reads that are to be compared, 0 to 100, if anybody has said one: the table rather than the source. */
    OptionalDouble sampling() {
        OptionalDouble here = tableSampling;
        return here.isPresent() ? here : source.sampling();
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
        if (heldByTable || source.held()) {
            return Optional.of(
                    "held by " + (heldByTable ? "hold() or the flag table" : "the flag source") + ": release the hold");
        }
        return Optional.empty();
    }

    /** Whether anybody says something of readers. */
    boolean namesReaders() {
        return tableShare.isPresent() || !tableMembers.isEmpty() || source.namesReaders();
    }

    /** What is wished for and not in force, and what is wrong with whoever wishes. */
    List<String> differing(Phase inForce, Cohort cohort) {
        List<String> differing = new ArrayList<>();
        tablePhase
                .filter(phase -> phase != inForce)
                .ifPresent(phase ->
                        differing.add("the flag table wishes for " + phase + SourceWishes.noWay(inForce, phase)));
        boolean counts = inForce.reads() == Phase.Reads.COHORT;
        tableShare.ifPresent(share -> differing.add("the flag table wishes for " + share + "% of the readers"
                + (!counts
                        ? ", which begins to count in TARGET_READ"
                        : share < cohort.percent() && share > 0
                                ? ", and " + cohort.percent()
                                        + "% belong to the cohort, which only grows until it is reset (DW-5027)"
                                : "")));
        if (!tableMembers.isEmpty()) {
            differing.add("the flag table wishes for readers of " + tableMembers
                    + (counts ? "" : ", who are taken in in TARGET_READ"));
        }
        if (counts) {
            readersRefused.ifPresent(why -> differing.add("readers are wished for and not taken in yet: " + why));
        }
        synchronized (this) {
            differing.addAll(unreadable.values());
        }
        differing.addAll(source.differing(inForce, cohort));
        return differing;
    }

    /** Why readers that are wished for were not taken in, or that nothing keeps them out. */
    void readersRefused(Optional<String> why) {
        readersRefused = why;
    }

    /** The phase that the flag table asks for. */
    Optional<Phase> tableWish() {
        return tablePhase;
    }

    /** The share of readers that the flag table asks for. */
    OptionalDouble tableShare() {
        return tableShare;
    }

    /** The members that the flag table asks for. */
    Map<String, Set<String>> tableMembers() {
        return tableMembers;
    }

    /** A flag of the table as it was read last. */
    Optional<String> text(String flag) {
        return Optional.ofNullable(table.get(flag));
    }

    /** A phase was entered because it was wished for: the wish is over and must not undo a later decision. */
    void fulfilled(Phase phase) {
        source.fulfilled(phase);
        tablePhase = tablePhase.filter(wish -> wish != phase);
    }

    /** @param began when the table began to be read */
    synchronized void readTable(Map<String, String> flags, long began) {
        if (began < writtenAt) {
            return;
        }
        table = Map.copyOf(flags);
        TextFlags texts = TextFlags.of(() -> flags);
        killedByTable = on(flags.get(KILL));
        backfillPaused = "pause".equalsIgnoreCase(flags.get(BACKFILL));
        cancellation = flags.getOrDefault(CANCEL, "");
        heldByTable = on(flags.get(HOLD));
        tablePhase = read(PHASE, texts, TextFlags::requestedPhase, Optional.empty());
        tableShare = percent(TextFlags.READ_PERCENT, texts, TextFlags::readPercent);
        tableSampling = percent(TextFlags.SAMPLING, texts, TextFlags::sampling);
        tableMembers = read(TextFlags.READ_COHORT, texts, Wishes::members, Map.of());
    }

    private static boolean on(@Nullable String value) {
        return value != null && (value.equalsIgnoreCase("on") || value.equalsIgnoreCase("true") || value.equals("1"));
    }

    private static Map<String, Set<String>> members(TextFlags texts) {
        Map<String, Set<String>> members = texts.readCohort();
        if (!Said.members(members)) {
            throw new IllegalArgumentException("an attribute has 1 to 40 letters, digits, '.', '_' or '-'");
        }
        return members;
    }

    @GuardedBy("this") private OptionalDouble percent(String name, TextFlags texts, Function<TextFlags, OptionalDouble> question) {
        return read(
                name,
                texts,
                all -> {
                    OptionalDouble percent = question.apply(all);
                    if (percent.isPresent() && !(percent.getAsDouble() >= 0 && percent.getAsDouble() <= 100)) {
                        throw new IllegalArgumentException("the flag '" + name + "' is a number from 0 to 100");
                    }
                    return percent;
                },
                OptionalDouble.empty());
    }

    @GuardedBy("this") private <T> T read(String name, TextFlags texts, Function<TextFlags, T> question, T none) {
        try {
            T answer = question.apply(texts);
            unreadable.remove(name);
            return answer;
        } catch (IllegalArgumentException e) {
            String text = "the flag table: " + e.getMessage() + "; it is ignored (DW-5008)";
            if (!text.equals(unreadable.put(name, text))) {
                LOG.warn("DW-5008 {}", text);
            }
            return none;
        }
    }
}
