package dev.dualwrite.jdbc.follower;

/**
 * What a server says of the rows in a range.
 *
 * @param rows how many there are
 * @param digest the 64 bits of their digests, combined by XOR; a row's digest covers its key, so no two of a
 *     table cancel out
 * @param undigested rows for which the server made no digest, because their text is longer than its packets
 */
record RangeDigest(long rows, String digest, long undigested) {

    /** Whether equal rows are the only way in which two sides can have said this. */
    boolean proves(RangeDigest other) {
        return equals(other) && undigested == 0;
    }
}
