package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.jdbc.ReadComparison;
import dev.dualwrite.jdbc.schema.Domain;
import dev.dualwrite.jdbc.schema.SideSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Digests of what has to be the same elsewhere, or later. */
final class Digest {
    private Digest() {}

    /** What an instance registers with: the configuration, and the tables of that side as it knows them. */
    static String of(String mapping, Settings settings, SideSchema schema) {
        List<String> configured =
                new ArrayList<>(List.of(mapping, settings.keysFor().toString()));
        new TreeMap<>(settings.invariants()).forEach((name, query) -> configured.addAll(List.of(name, query)));
        if (!settings.appendOnly().isEmpty()) {
            configured.add("append-only " + new TreeSet<>(settings.appendOnly()));
        }
        if (settings.sealTarget()) {
            configured.add("seal target");
        }
        new TreeMap<>(settings.reads().rules()).forEach((shape, rule) -> configured.addAll(List.of(shape, text(rule))));
        return ofRows(configured).substring(0, 31) + '/' + of(new TreeMap<>(schema.tables()).toString());
    }

    /** Of what makes values equal, only the name can be told. */
    private static String text(ReadComparison.Rule rule) {
        Map<String, String> alike = new TreeMap<>();
        rule.alike().forEach((column, how) -> alike.put(column, how.name()));
        return rule.compared() + " " + rule.onTarget() + " " + alike;
    }

    /** What was copied or compared is of: the domain, and the tables of both sides as this process knows them. */
    static String of(String mapping, SideSchema source, SideSchema target) {
        return mapping.substring(0, 31)
                + '/'
                + ofRows(List.of(new TreeMap<>(source.tables()).toString(), new TreeMap<>(target.tables()).toString()));
    }

    static String of(Domain domain, Settings settings) {
        String text = settings.name()
                + '|'
                + settings.prefix()
                + '|'
                + domain.required().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(","));
        return of(text);
    }

    /** Of rows as text; another order is another digest. */
    static String ofRows(List<String> rows) {
        StringBuilder text = new StringBuilder();
        for (String row : rows) {
            text.append(row.length()).append(':').append(row);
        }
        return of(text.toString());
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
