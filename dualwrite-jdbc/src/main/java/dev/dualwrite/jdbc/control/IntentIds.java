package dev.dualwrite.jdbc.control;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the ids of intents: 128 bit, time-ordered (48 bit milliseconds, then random), by the client. Never
 * {@code AUTO_INCREMENT}, which would change the host's {@code LAST_INSERT_ID()}. Within a process their time never falls, also if
 * the clock does; nothing is known of the order of those of two processes. Thread-safe.
 */
public final class IntentIds {
    /** Bytes of an id. */
    static final int LENGTH = 16;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AtomicLong LAST = new AtomicLong();

    private IntentIds() {}

    /** The first part, of this many bytes, of ids whose rest a server makes. */
    static byte[] prefix(int length) {
        return Arrays.copyOf(next(), length);
    }

    static byte[] next() {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        long now = now();
        return ByteBuffer.allocate(LENGTH)
                .putShort((short) (now >>> 32))
                .putInt((int) now)
                .put(random)
                .array();
    }

    /** The time that an id made now has: not below that of any made before in this process. */
    public static long now() {
        return LAST.accumulateAndGet(System.currentTimeMillis(), Math::max);
    }

    /** The time of an id, or of the first bytes of one. */
    public static long millis(byte[] id) {
        ByteBuffer bytes = ByteBuffer.wrap(id);
        return ((bytes.getShort() & 0xFFFFL) << 32) | (bytes.getInt() & 0xFFFFFFFFL);
    }
}
