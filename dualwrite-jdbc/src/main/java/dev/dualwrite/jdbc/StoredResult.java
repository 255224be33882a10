package dev.dualwrite.jdbc;

import java.util.Arrays;

/** What was stored with an idempotency key: up to 4096 bytes. Immutable. */
public final class StoredResult {
    private final byte[] bytes;

    /** @param bytes are copied */
    public StoredResult(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredResult stored && Arrays.equals(bytes, stored.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
