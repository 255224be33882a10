package dev.dualwrite;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who reads, as far as it matters for where his reads go: all of one reader's reads go to the same side. Immutable.
 *
 * @param key what is stable of him, for shares of all readers: a tenant, a user, a device; empty if nothing is known
 * @param attributes what else a cohort may be chosen by: {@code tenant}, {@code region}, {@code group}, each with its value
 * @param lastWrite when he has written last, as far as the host knows; null if it does not
 */
public record Reader(
        String key,
        Map<String, String> attributes,
        @Nullable Instant lastWrite) {
    /** Nobody in particular: he belongs to no share, and sees every write of his instance. */
    public static final Reader UNKNOWN = new Reader("", Map.of(), null);

    public Reader {
        attributes = Map.copyOf(attributes);
    }

    /** A reader of whom only the key matters. */
    public static Reader of(String key) {
        return new Reader(key, Map.of(), null);
    }

    /** This reader, with one more attribute. */
    public Reader with(String attribute, String value) {
        Map<String, String> more = new HashMap<>(attributes);
        more.put(attribute, value);
        return new Reader(key, more, lastWrite);
    }

    /**
     * This reader, who has written at this time, through whatever instance: for a while the owner answers him. Of what he wrote
     * through the instance that he reads from, it knows by itself.
     */
    public Reader wroteAt(Instant at) {
        return new Reader(key, attributes, at);
    }
}
