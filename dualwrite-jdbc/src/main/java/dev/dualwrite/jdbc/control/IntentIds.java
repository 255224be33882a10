package dev.dualwrite.jdbc.control;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Makes the ids of intents: 128 bit, time-ordered (48 bit milliseconds, then random), by the client. Never
 * {@code AUTO_INCREMENT}, which would change the host's {@code LAST_INSERT_ID()}. Nothing depends on their
 * order but the locality of the index. Thread-safe.
 */
final class IntentIds {
    /** Bytes of an id. */
    static final int LENGTH = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private IntentIds() {}

    /** The first part, of this many bytes, of ids whose rest a server makes. */
    static byte[] prefix(int length) {
        return Arrays.copyOf(next(), length);
    }

    static byte[] next() {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        return ByteBuffer.allocate(LENGTH)
                .putShort((short) (System.currentTimeMillis() >>> 32))
                .putInt((int) System.currentTimeMillis())
                .put(random)
                .array();
    }
}
