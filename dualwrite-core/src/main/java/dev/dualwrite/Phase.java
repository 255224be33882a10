package dev.dualwrite;

import java.util.List;
import java.util.Optional;

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
    SOURCE_ONLY(Side.SOURCE, false),
    /** The source owns; every change leaves an intent, and the target is converged. */
    DUAL_WRITE(Side.SOURCE, true),
    /** The target owns; every change leaves an intent, and the source is converged: the way back is open. */
    REVERSE_WINDOW(Side.TARGET, true),
    /** The target owns; nothing is captured. The rollback boundary is passed. */
    TARGET_ONLY(Side.TARGET, false);

    private static final List<Transition> TRANSITIONS = List.of(
            new Transition(SOURCE_ONLY, DUAL_WRITE, Way.BARRIER),
            new Transition(DUAL_WRITE, SOURCE_ONLY, Way.BARRIER),
            new Transition(DUAL_WRITE, REVERSE_WINDOW, Way.FLIP),
            new Transition(REVERSE_WINDOW, DUAL_WRITE, Way.FLIP),
            new Transition(REVERSE_WINDOW, TARGET_ONLY, Way.BARRIER));

    private final Side owner;
    private final boolean capturing;

    Phase(Side owner, boolean capturing) {
        this.owner = owner;
        this.capturing = capturing;
    }

    /** The side that decides commits in this phase. */
    public Side owner() {
        return owner;
    }

    /** Whether every change of the domain leaves an intent in this phase. */
    public boolean capturing() {
        return capturing;
    }

    /** How {@code next} is reached from here, or {@link Way#NONE}. The one table of transitions. */
    public Way wayTo(Phase next) {
        for (Transition transition : TRANSITIONS) {
            if (transition.from == this && transition.to == next) {
                return transition.way;
            }
        }
        return Way.NONE;
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

    /** A row of the transition table. */
    public record Transition(Phase from, Phase to, Way way) {}
}
