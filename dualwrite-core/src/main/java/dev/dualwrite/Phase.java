package dev.dualwrite;

import static dev.dualwrite.Criterion.BACKFILLED;
import static dev.dualwrite.Criterion.BOTH_REACHABLE;
import static dev.dualwrite.Criterion.DURABILITY;
import static dev.dualwrite.Criterion.INSTANCES_AGREE;
import static dev.dualwrite.Criterion.INVARIANTS;
import static dev.dualwrite.Criterion.NEXT_OWNER_FILLED;
import static dev.dualwrite.Criterion.NEXT_OWNER_FREE;
import static dev.dualwrite.Criterion.NEXT_OWNER_WRITABLE;
import static dev.dualwrite.Criterion.NOTHING_PARKED;
import static dev.dualwrite.Criterion.NOT_HELD;
import static dev.dualwrite.Criterion.NOT_KILLED;
import static dev.dualwrite.Criterion.NO_OTHER_MIGRATION;
import static dev.dualwrite.Criterion.NO_OUTSIDE_TABLES_MIXED_IN;
import static dev.dualwrite.Criterion.PHASE_ALLOWS;
import static dev.dualwrite.Criterion.READS_COMPARED;
import static dev.dualwrite.Criterion.SCHEMAS_AS_KNOWN;
import static dev.dualwrite.Criterion.SERVERS_AS_KNOWN;
import static dev.dualwrite.Criterion.TARGET_AS_WIDE;
import static dev.dualwrite.Criterion.VERIFIED;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a migration stands. The phase is a column of the fence row, so a change of phase has the same
 * barrier as a change of ownership: no transaction of the old phase is still running when the new one
 * begins.
 *
 * <p>Ask a phase for what it means ({@link #owner()}, {@link #capturing()}); the order of the constants
 * says nothing.
 */
public enum Phase {
    /** The source owns; nothing is captured. */
    SOURCE_ONLY(Side.SOURCE, false, Reads.OWNER),
    /** The source owns; every change leaves an intent, and the target is converged. */
    DUAL_WRITE(Side.SOURCE, true, Reads.OWNER),
    /** As {@code DUAL_WRITE}, and a sample of the reads is compared with the target, off the caller's path. */
    SHADOW_READ(Side.SOURCE, true, Reads.COMPARED),
    /** As {@code SHADOW_READ}, and the reads of a cohort that grows are answered by the target. */
    TARGET_READ(Side.SOURCE, true, Reads.COHORT),
    /** The target owns; every change leaves an intent, and the source is converged: the way back is open. */
    REVERSE_WINDOW(Side.TARGET, true, Reads.OWNER),
    /** The target owns; nothing is captured. The rollback boundary is passed. */
    TARGET_ONLY(Side.TARGET, false, Reads.OWNER);

    private static final List<String> WATCHED_CAPTURING = List.of("queue.depth", "queue.lag", "queue.parked");

    private static final List<String> WATCHED_COMPARING = List.of(
            "queue.depth",
            "queue.lag",
            "queue.parked",
            "reads.compared",
            "reads.different",
            "reads.unsettled",
            "reads.dropped");

    private static final List<String> WATCHED_READING = List.of(
            "queue.depth",
            "queue.lag",
            "queue.parked",
            "reads.compared",
            "reads.different",
            "reads.unsettled",
            "reads.dropped",
            "reads.owner",
            "reads.target",
            "reads.owner.failed-there");

    private static final List<Criterion> STOP = List.of(PHASE_ALLOWS, NOT_HELD);

    /** Reads come back whatever holds the rest up. */
    private static final List<Criterion> STEP_BACK = List.of(PHASE_ALLOWS);

    private static final List<Criterion> CAPTURE = List.of(
            PHASE_ALLOWS,
            NOT_HELD,
            BOTH_REACHABLE,
            SERVERS_AS_KNOWN,
            SCHEMAS_AS_KNOWN,
            NO_OTHER_MIGRATION,
            INSTANCES_AGREE,
            NEXT_OWNER_WRITABLE);

    private static final List<Criterion> COMPARE = with(CAPTURE, BACKFILLED, NOT_KILLED);

    private static final List<Criterion> READ_TARGET =
            with(CAPTURE, NOT_KILLED, VERIFIED, NOTHING_PARKED, NO_OUTSIDE_TABLES_MIXED_IN, READS_COMPARED);

    private static final List<Criterion> MOVE = with(
            CAPTURE,
            NOT_KILLED,
            DURABILITY,
            NEXT_OWNER_FREE,
            VERIFIED,
            NOTHING_PARKED,
            NEXT_OWNER_FILLED,
            TARGET_AS_WIDE,
            INVARIANTS,
            NO_OUTSIDE_TABLES_MIXED_IN);

    private static final List<Transition> TRANSITIONS = List.of(
            new Transition(SOURCE_ONLY, DUAL_WRITE, Way.BARRIER, CAPTURE),
            new Transition(DUAL_WRITE, SOURCE_ONLY, Way.BARRIER, STOP),
            new Transition(DUAL_WRITE, SHADOW_READ, Way.BARRIER, COMPARE),
            new Transition(DUAL_WRITE, REVERSE_WINDOW, Way.FLIP, MOVE),
            new Transition(SHADOW_READ, SOURCE_ONLY, Way.BARRIER, STOP),
            new Transition(SHADOW_READ, DUAL_WRITE, Way.BARRIER, STEP_BACK),
            new Transition(SHADOW_READ, TARGET_READ, Way.BARRIER, READ_TARGET),
            new Transition(SHADOW_READ, REVERSE_WINDOW, Way.FLIP, with(MOVE, READS_COMPARED)),
            new Transition(TARGET_READ, SOURCE_ONLY, Way.BARRIER, STOP),
            new Transition(TARGET_READ, DUAL_WRITE, Way.BARRIER, STEP_BACK),
            new Transition(TARGET_READ, SHADOW_READ, Way.BARRIER, STEP_BACK),
            new Transition(TARGET_READ, REVERSE_WINDOW, Way.FLIP, with(MOVE, READS_COMPARED)),
            new Transition(REVERSE_WINDOW, DUAL_WRITE, Way.FLIP, MOVE),
            new Transition(REVERSE_WINDOW, TARGET_ONLY, Way.BARRIER, STOP));

    private final Side owner;
    private final boolean capturing;
    private final Reads reads;

    Phase(Side owner, boolean capturing, Reads reads) {
        this.owner = owner;
        this.capturing = capturing;
        this.reads = reads;
    }

    private static List<Criterion> with(List<Criterion> some, Criterion... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    /** The side that decides commits in this phase. */
    public Side owner() {
        return owner;
    }

    /** Whether every change of the domain leaves an intent in this phase. */
    public boolean capturing() {
        return capturing;
    }

    /** Where reads outside of writing transactions go in this phase. */
    public Reads reads() {
        return reads;
    }

    /** How {@code next} is reached from here, or {@link Way#NONE}. The one table of transitions. */
    public Way wayTo(Phase next) {
        return transitionTo(next).map(Transition::way).orElse(Way.NONE);
    }

    /** The step from here to {@code next}, if there is one. */
    public Optional<Transition> transitionTo(Phase next) {
        return TRANSITIONS.stream()
                .filter(transition -> transition.from == this && transition.to == next)
                .findFirst();
    }

    /**
     * Where one command leads back to, nothing being lost: the phase before this one. Empty at the beginning and where the rollback
     * boundary is passed.
     */
    public Optional<Phase> back() {
        return switch (this) {
            case SOURCE_ONLY, TARGET_ONLY -> Optional.empty();
            case DUAL_WRITE -> Optional.of(SOURCE_ONLY);
            case SHADOW_READ, REVERSE_WINDOW -> Optional.of(DUAL_WRITE);
            case TARGET_READ -> Optional.of(SHADOW_READ);
        };
    }

    /**
     * The phase that a stage of a migration flag of LaunchDarkly asks for: {@code off}, {@code dualwrite}, {@code shadow}, {@code live},
     * {@code rampdown} and {@code complete}, in this order the phases of this enum. Unlike there, the source goes on deciding
     * writes while it is {@code live}; ownership moves with {@code rampdown}. Empty for any other text.
     */
    public static Optional<Phase> ofMigrationStage(String stage) {
        return switch (stage.strip().toLowerCase(Locale.ROOT)) {
            case "off" -> Optional.of(SOURCE_ONLY);
            case "dualwrite" -> Optional.of(DUAL_WRITE);
            case "shadow" -> Optional.of(SHADOW_READ);
            case "live" -> Optional.of(TARGET_READ);
            case "rampdown" -> Optional.of(REVERSE_WINDOW);
            case "complete" -> Optional.of(TARGET_ONLY);
            default -> Optional.empty();
        };
    }

    /** What to look at while this phase lasts, by the names of {@code DualWrite.metrics()}. */
    public List<String> watched() {
        return switch (reads) {
            case COHORT -> WATCHED_READING;
            case COMPARED -> WATCHED_COMPARING;
            case OWNER -> capturing ? WATCHED_CAPTURING : List.of();
        };
    }

    /** Where a flip from here leads, if one may start here. */
    public Optional<Phase> flipsTo() {
        return TRANSITIONS.stream()
                .filter(transition -> transition.from == this && transition.way == Way.FLIP)
                .map(Transition::to)
                .findFirst();
    }

    /** All legal changes of phase. */
    public static List<Transition> transitions() {
        return TRANSITIONS;
    }

    /** How a phase is reached from another. */
    public enum Way {
        /** One statement on the owner's fence row, behind which no transaction of the old phase runs. */
        BARRIER,
        /** The eight steps that move ownership. */
        FLIP,
        /** Not at all. */
        NONE
    }

    /** Where reads go that lock nothing and belong to no writing transaction. */
    public enum Reads {
        /** To the owner. */
        OWNER,
        /** To the owner; a sample is compared with the follower. */
        COMPARED,
        /** Of a cohort to the follower, else to the owner; a sample is compared with the other side. */
        COHORT
    }

    /**
     * A row of the transition table.
     *
     * @param criteria what must hold before {@code to} is entered, in the order in which it is asked: the exit of one phase is
     *     the entry of the next
     */
    public record Transition(Phase from, Phase to, Way way, List<Criterion> criteria) {
        public Transition {
            criteria = List.copyOf(criteria);
        }
    }
}
