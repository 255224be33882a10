package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the boundary asks about reads that may be answered by another side than the owner (design, section 3.3). Thread-safe; none
 * of it asks a database.
 */
public interface ReadRoutes {
    /** All reads stay with the owner. */
    ReadRoutes OWNER = new OwnerReads();

    /** It is not known whether a transaction that wrote intents has committed. Never throws. */
    void uncertain();

    /** Whether reads may be answered by another side than the owner at present: cheap, asked for every read. */
    boolean move();

    /**
     * Whether the follower answers a read which locks nothing, in a transaction that was declared to do nothing but read: if
     * whoever asks belongs to the cohort and will see there all that he has written. Never throws.
     *
     * @param tables of the domain that are read, in lower case
     * @param after what is to be seen, see {@link WriteToken}; null if nothing was said
     * @return what counts how that goes; null if the owner answers
     */
    @Nullable CohortReads follower(Set<String> tables, @Nullable WriteToken after);

    /**
     * Whether the owner is to be asked for what the follower does not have, because nothing is removed from any of these tables.
     *
     * @param tables of the domain, in lower case
     */
    boolean elseOwner(Set<String> tables);

    /** Tables from which nothing may be removed, in lower case. */
    Set<String> appendOnly();

    /** Whether a transaction that reads from a side may go on there; waits a moment for the next look, if the last one is too old. */
    boolean mayRead(Side side);

    /**
     * Whether whoever asks may have written to one of these tables, and the follower is not known to have it.
     *
     * @param tables of the domain, in lower case
     * @param after as above
     */
    boolean missesOwnWrite(Set<String> tables, @Nullable WriteToken after);

    /** A transaction wrote these intents, and may have been committed by a statement; it may go on. Never throws. */
    void mayHaveWritten(Written written);

    /** A read that was sent to another side than the owner failed there, and is asked of the owner. Never throws. */
    void failed(Side side, SQLException why);

    /** Whether reads that are transactions of their own count as declared to do nothing but read. */
    boolean inAutocommit();
}
