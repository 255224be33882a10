package dev.dualwrite.model;

import java.util.ArrayList;
import java.util.List;

/**
 * One state of the model: small numbers in fixed places, 0 to 15 each. Side 0 is the source. A lock is not stored: who holds
 * it follows from where its holder stands, so that lock and transaction live and die together, as on a server.
 *
 * <p>An intent is a bit of its writer, because a writer writes one. An attempt is the number of its flip; reopening gives it
 * {@link #REOPENED} more.
 */
final class World {
    /** Of each side: the fence row, the queue, the rows. */
    static final int STATE = 0, EPOCH = 1, ATTEMPT = 2, MARKING = 3, BACKFILL = 4, INTENTS = 5, MARKS = 6, ROWS = 7;

    /** Of each transaction: where it stands, on which side, and whether it holds the side's fence shared. */
    static final int AT = 0, SIDE = 1, HOLDS = 2;

    /** Of a writer: the epoch that it read. */
    static final int READ_EPOCH = 3;

    /** Of a converger: what it took, what it read, and what it knows. */
    static final int TOOK = 3, UNITS = 4, SEEN = 5, CHUNKS_SHARED = 7, KNOWN_MARKING = 8;

    /** Of the chunk: what it read. */
    static final int COPY = 3;

    /** Of the verification: whether it is a full one, the marks it began with, what it read, what it found. */
    static final int FULL = 3, BEGAN_WITH = 4, THERE = 5, HERE = 6, PENDING = 7, FOUND = 8;

    /** Of a coordinator (its SIDE is the owner): the row as it left it, and whether a hand-over's answer was lost. */
    static final int OPENING = 2, ROW_EPOCH = 3, ROW_ATTEMPT = 4, DOUBT = 5;

    static final int SIDE_CELLS = 9;
    static final int TRUTH = 2 * SIDE_CELLS;
    static final int WRITERS = TRUTH + 2, WRITER_CELLS = 4;
    static final int CONVERGERS = WRITERS + 2 * WRITER_CELLS, CONVERGER_CELLS = 9;
    static final int CHUNK = CONVERGERS + 2 * CONVERGER_CELLS;
    static final int VERIFIER = CHUNK + 5;
    static final int COORDINATORS = VERIFIER + 9, COORDINATOR_CELLS = 6;

    /** A hand-over that was sent, whose sender has given up on the answer, and that has not arrived. */
    static final int LATE = COORDINATORS + 2 * COORDINATOR_CELLS, LATE_SIDE = LATE + 1;

    static final int LATE_EPOCH = LATE + 2, LATE_ATTEMPT = LATE + 3;

    /** What has happened; the invariants speak of it, the protocol does not see it (but for noted divergences). */
    static final int FLIPS = LATE + 4, HANDED = LATE + 5, GAVE_UP = LATE + 6, FLIPPED = LATE + 7;

    static final int DIVERGENT = LATE + 8, VERIFIED = LATE + 9, DEFECTS = LATE + 10, BROKEN = LATE + 11;

    static final int CELLS = (LATE + 13) / 2 * 2;

    static final int OPEN = 0, FROZEN = 1, HANDED_OVER = 2, CLOSED = 3;
    static final int REOPENED = 4;

    private static final List<String> NAMES = List.of("OPEN", "FROZEN", "HANDED_OVER", "CLOSED");

    /** What a converger with a defect writes. */
    static final int WRONG = 15;

    private final byte[] cells;

    World(byte[] cells) {
        this.cells = cells;
    }

    /** The source is OPEN and the target CLOSED, both empty. */
    static World initial() {
        World world = new World(new byte[CELLS]);
        for (int side = 0; side < 2; side++) {
            world.side(side, STATE, side == 0 ? OPEN : CLOSED);
            world.side(side, EPOCH, 1);
        }
        return world;
    }

    World copy() {
        return new World(cells.clone());
    }

    byte[] cells() {
        return cells;
    }

    int get(int cell) {
        return cells[cell];
    }

    void set(int cell, int value) {
        if (value < 0 || value > 15) {
            throw new IllegalStateException(value + " does not fit into a cell: the bounds are too wide");
        }
        cells[cell] = (byte) value;
    }

    int side(int side, int what) {
        return cells[side * SIDE_CELLS + what];
    }

    void side(int side, int what, int value) {
        set(side * SIDE_CELLS + what, value);
    }

    /** Nothing of an actor's own memory survives its end. */
    void forget(int from, int count) {
        for (int i = 0; i < count; i++) {
            cells[from + i] = 0;
        }
    }

    boolean owns(int side) {
        return side(side, STATE) == OPEN || side(side, STATE) == FROZEN;
    }

    boolean isRow(int side, int state, int epoch, int attempt) {
        return side(side, STATE) == state && side(side, EPOCH) == epoch && side(side, ATTEMPT) == attempt;
    }

    /** As {@code FenceRow.stampedFor}. */
    boolean stampedFor(int side, int handedOverAt, int attempt) {
        return isRow(side, CLOSED, handedOverAt - 1, attempt);
    }

    /** Whether somebody holds the fence row exclusively: then nobody reads it with a lock. */
    boolean fenceTaken(int side) {
        for (int i = 0; i < 2; i++) {
            int c = COORDINATORS + i * COORDINATOR_CELLS;
            boolean own = get(c + SIDE) == side;
            if (own ? get(c + AT) == Coordinator.CLOSING : get(c + OPENING) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether nobody holds the fence row in any way, so that an UPDATE goes through. */
    boolean fenceFree(int side) {
        for (int i = 0; i < 2; i++) {
            if (holds(WRITERS + i * WRITER_CELLS, side) || holds(CONVERGERS + i * CONVERGER_CELLS, side)) {
                return false;
            }
        }
        return !holds(CHUNK, side) && !holds(VERIFIER, side) && !fenceTaken(side);
    }

    private boolean holds(int transaction, int side) {
        return get(transaction + HOLDS) != 0 && get(transaction + SIDE) == side;
    }

    /** A line that shows where everything stands. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            words.add((side == 0 ? "source " : "target ") + NAMES.get(side(side, STATE)) + " epoch "
                    + side(side, EPOCH) + " attempt " + side(side, ATTEMPT) + " rows " + side(side, ROWS) + ","
                    + side(side, ROWS + 1) + " intents " + Integer.toBinaryString(side(side, INTENTS)) + " marks "
                    + Integer.toBinaryString(side(side, MARKS)));
        }
        words.add("committed " + get(TRUTH) + "," + get(TRUTH + 1));
        return String.join("; ", words);
    }
}
