package dev.dualwrite.jdbc.control;

import dev.dualwrite.key.Key;
import dev.dualwrite.key.Unit;

/** A durable note that a key changed: one row of the repair queue. */
public record Intent(int lane, Id id, String table, Unit unit, Key key) {

    /** The id as it stands in the table, 16 bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, only sent back to the table that it came from
    public record Id(byte[] bytes) {}
}
