package dev.dualwrite.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Something that a parser is known to get wrong, by the servers' own word.
 *
 * @param cause a {@link Trait}, {@link Form} or {@link Mode} of the statements in which it does
 * @param example a statement that shows it; in the list its line ends and tabs are escaped
 */
record Mistake(String parser, What what, String cause, Mode mode, String example) {
    /** What is wrong. */
    enum What {
        /** It does not know the text. */
        UNKNOWN,
        PARAMETERS,
        VERBS,
        TABLES
    }

    boolean explains(String mistaken, What wrong, Sample sample) {
        return parser.equals(mistaken)
                && what == wrong
                && (sample.form().name().equals(cause)
                        || sample.mode().name().equals(cause)
                        || sample.traits().stream()
                                .anyMatch(trait -> trait.name().equals(cause)));
    }

    /** The list, one to a line. */
    static List<Mistake> list() {
        try (InputStream in = Objects.requireNonNull(Mistake.class.getResourceAsStream("mistakes.txt"))) {
            return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1))
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" *\\| +", 5))
                    .map(parts -> new Mistake(
                            parts[0],
                            What.valueOf(parts[1]),
                            parts[2],
                            Mode.valueOf(parts[3]),
                            parts[4].strip().replace("\\n", "\n").replace("\\t", "\t")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return parser + " | " + what + " | " + cause + " | " + mode + " | " + example;
    }
}
