package dev.dualwrite;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whose reads go to the target while the source owns. It only grows until it is reset: whoever belongs to it goes on belonging to
 * it. Immutable.
 *
 * @param salt what the shares are drawn with; another one draws others
 * @param percent share of all readers with a key, 0 to 100, in steps of 0.01
 * @param members by attribute, the values that belong to it
 */
public record Cohort(String salt, double percent, Map<String, Set<String>> members) {
    /** Nobody. */
    public static final Cohort NOBODY = new Cohort("", 0, Map.of());

    /** The attribute whose values are tables: what the target does not have of them is asked of the source. */
    public static final String TARGET_FIRST = "target-first";

    /** Names the function that draws the shares; another one would draw others, so instances must have the same. */
    public static final String FUNCTION = "sha256/10000";

    /** Shares are drawn in so many parts. */
    public static final int BUCKETS = 10_000;

    public Cohort {
        members = members.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
    }

    /** Whether nobody belongs to it. */
    public boolean isEmpty() {
        return percent <= 0 && members.isEmpty();
    }

    /** Which part of all a key falls in, 0 to 9,999: the same in every process. */
    public int bucket(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            byte[] hash = digest.digest(key.getBytes(StandardCharsets.UTF_8));
            long first = 0;
            for (int i = 0; i < 7; i++) {
                first = (first << 8) | (hash[i] & 0xFF);
            }
            return (int) (first % BUCKETS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether a part of all belongs to it. */
    public boolean hasBucket(int bucket) {
        return bucket < Math.round(percent * BUCKETS / 100);
    }

    /** The first of these attributes that makes its bearer belong to it. */
    public Optional<Map.Entry<String, String>> oneOf(Map<String, String> attributes) {
        if (members.isEmpty()) {
            return Optional.empty();
        }
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            Set<String> values = members.get(attribute.getKey());
            if (values != null && values.contains(attribute.getValue())) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    /** Whether a reader belongs to it. */
    public boolean has(Reader reader) {
        return oneOf(reader.attributes()).isPresent() || (!reader.key().isEmpty() && hasBucket(bucket(reader.key())));
    }

    /** In one line: {@code 10% and tenant in [a, b]}. */
    @Override
    public String toString() {
        String share = percent == Math.rint(percent) ? String.valueOf((long) percent) : String.valueOf(percent);
        StringBuilder text = new StringBuilder(share).append('%');
        new TreeMap<>(members)
                .forEach((attribute, values) ->
                        text.append(" and ").append(attribute).append(" in ").append(new TreeSet<>(values)));
        return text.toString();
    }
}
