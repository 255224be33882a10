package dev.dualwrite.key;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A primary-key value: one canonical text per key column. What is canonical is said by the column's
 * {@link KeyType}; two keys that the server holds equal may still differ here (case, trailing spaces),
 * which is why locks and queues go by {@link KeySpec#unit unit}, not by key.
 *
 * @param values in the order of the primary key's columns, never null
 */
public record Key(List<String> values) {

    public Key {
        values = List.copyOf(values);
    }

    public static Key of(String... values) {
        return new Key(List.of(values));
    }

    public static Key of(long value) {
        return new Key(List.of(Long.toString(value)));
    }

    /** The form that stands in an intent: each value as UTF-8 behind its length in two bytes. */
    public byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0xFFFF) {
                throw new IllegalArgumentException(
                        "a key column holds " + bytes.length + " bytes; at most 65535 can be captured");
            }
            out.write(bytes.length >>> 8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    /** The inverse of {@link #encode()}. */
    public static Key decode(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        List<String> values = new ArrayList<>(2);
        while (in.hasRemaining()) {
            byte[] bytes = new byte[in.getShort() & 0xFFFF];
            in.get(bytes);
            values.add(new String(bytes, StandardCharsets.UTF_8));
        }
        return new Key(values);
    }

    /** As shown to people: {@code 42} or {@code (7, 'a')}. */
    @Override
    public String toString() {
        return values.size() == 1 ? values.get(0) : "(" + String.join(", ", values) + ")";
    }
}
