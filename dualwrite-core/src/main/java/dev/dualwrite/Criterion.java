package dev.dualwrite;

import java.util.Locale;

/**
 * A check of the gate: what must hold before a phase is entered. Which are asked on which way stands in the one table of
 * transitions, {@link Phase#transitions()}.
 */
public enum Criterion {
    /** The transition table knows the step, and the owner is open. */
    PHASE_ALLOWS(false),
    /** Nobody holds changes of phase back. */
    NOT_HELD(false),
    /** Both sides answer and have their fence rows. */
    BOTH_REACHABLE(false),
    /** Neither side is another server, or an older copy, than the one that was known. */
    SERVERS_AS_KNOWN(true),
    /** No moved table was changed since this process read it. */
    SCHEMAS_AS_KNOWN(true),
    /** No other migration moves the same tables. */
    NO_OTHER_MIGRATION(true),
    /** All live instances act by this epoch and are configured alike. */
    INSTANCES_AGREE(true),
    /** The follower could own. */
    NEXT_OWNER_WRITABLE(true),
    /** The backfill of this capture epoch is complete. */
    BACKFILLED(true),
    /** The kill switch is off, so converging goes on. */
    NOT_KILLED(true),
    /** Neither server may forget what it has committed. */
    DURABILITY(true),
    /** Nobody holds the follower's fence row. */
    NEXT_OWNER_FREE(true),
    /** A finished verification of this capture epoch and these tables found no divergence. */
    VERIFIED(true),
    /** The follower refuses no unit. */
    NOTHING_PARKED(true),
    /** No table is empty on the follower that is not on the owner. */
    NEXT_OWNER_FILLED(true),
    /** The target takes whatever the source takes, or it was accepted that it does not. */
    TARGET_AS_WIDE(true),
    /** The invariants of the host hold, or are accepted as broken on both sides alike. */
    INVARIANTS(true),
    /** No statement or transaction uses the domain together with other tables, or that was waived. */
    NO_OUTSIDE_TABLES_MIXED_IN(true),
    /** Every shape of read was compared often enough, and none came out different. */
    READS_COMPARED(true);

    private final boolean asksBothSides;

    Criterion(boolean asksBothSides) {
        this.asksBothSides = asksBothSides;
    }

    /** As it stands in a {@link GateReport}: lower case with hyphens. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is not asked while a side does not answer or a fence row is missing. */
    public boolean asksBothSides() {
        return asksBothSides;
    }
}
