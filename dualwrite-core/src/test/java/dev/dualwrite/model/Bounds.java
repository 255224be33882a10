package dev.dualwrite.model;

/**
 * How much there is of everything.
 *
 * @param writers transactions; each changes one row
 * @param rows on each side
 * @param units 1 if all rows are one unit, else each row is one
 * @param convergers each takes work for as long as there is some, and crashes anywhere
 * @param chunks of a backfill, over all rows
 * @param verification whether there is one; a flip needs it then
 * @param defects how often a converger writes something wrong
 * @param coordinators each flips, recovers, pauses and crashes anywhere
 * @param flips begun at most, from whichever side owns
 */
record Bounds(
        String name,
        int writers,
        int rows,
        int units,
        int convergers,
        int chunks,
        boolean verification,
        int defects,
        int coordinators,
        int flips) {

    int unitOf(int row) {
        return units == 1 ? 0 : row;
    }

    /** Several units: all write the first, the second joins by a clash. */
    int rowOf(int writer) {
        return units == 1 ? writer % rows : 0;
    }

    /** The intents that the writers of one row can write. */
    int intentsOfRow(int row) {
        int intents = 0;
        for (int writer = 0; writer < writers; writer++) {
            if (rowOf(writer) == row) {
                intents |= 1 << writer;
            }
        }
        return intents;
    }

    /** The intents that the writers of a unit's rows can write. */
    int intentsOf(int unit) {
        int intents = 0;
        for (int row = 0; row < rows; row++) {
            if (unitOf(row) == unit) {
                intents |= intentsOfRow(row);
            }
        }
        return intents;
    }
}
