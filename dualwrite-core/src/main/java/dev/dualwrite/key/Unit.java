package dev.dualwrite.key;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What converging, locking and parking go by: a digest (16 bytes) of a table and a key's class, that is
 * of the key as the owner's server sees equality. Keys that the server holds equal have one unit.
 */
public final class Unit implements Comparable<Unit> {
    /** Bytes of a unit. */
    public static final int LENGTH = 16;

    private final byte[] bytes;

    public Unit(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a unit has " + LENGTH + " bytes, not " + bytes.length);
        }
        this.bytes = bytes.clone();
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Unit unit && Arrays.equals(bytes, unit.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(Unit other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
