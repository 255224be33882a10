package dev.dualwrite.jdbc;

import dev.dualwrite.Side;
import java.util.Set;

/** Hears who owns: for caches of what was read, and for work that belongs to the owner's side. */
@FunctionalInterface
public interface OwnerListener {

    /**
     * These tables are owned by this side. Called on a thread of the library, one call at a time, in the order in which it was seen; the
     * first call tells how it stands when the listener is added. Each change of owner that this instance lives through is told at
     * least once, maybe late: writers may be at the new owner before. What was missed while the databases did not answer is told once
     * afterwards, also if ownership has meanwhile come back to the same side. An exception is logged (DW-5029), and the call counts.
     *
     * @param tables that move, in lower case
     * @param owner of them
     * @param epoch in which it was seen
     */
    void ownerChanged(Set<String> tables, Side owner, long epoch);
}
