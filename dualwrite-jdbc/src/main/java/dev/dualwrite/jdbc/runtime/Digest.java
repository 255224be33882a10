package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.jdbc.schema.Domain;
import dev.dualwrite.jdbc.schema.SideSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A digest of what all instances of a migration must have in common. */
final class Digest {
    private Digest() {}

    /** What an instance registers with: the configuration, and the tables of that side as it knows them. */
    static String of(String configuration, SideSchema schema) {
        return configuration.substring(0, 31) + '/' + of(new TreeMap<>(schema.tables()).toString());
    }

    static String of(Domain domain, Settings settings) {
        String text = settings.name()
                + '|'
                + settings.prefix()
                + '|'
                + domain.names().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(","));
        return of(text);
    }

    private static String of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
