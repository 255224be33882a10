package dev.dualwrite.corpus;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/** A text in the making, word by word. What stands between two words, and around some of them, is drawn at its end. */
final class Words {
    private static final List<String> GAPS = List.of("\n", "\t", "\r\n", "  ");

    /** What executable comments begin with; some of them no server, or only one of them, looks into. */
    private static final List<String> OPENINGS = List.of("/*!", "/*!40000", "/*!50101", "/*!99999", "/*M!100100");

    private final SplittableRandom random;
    private final Mode mode;
    private final List<String> words = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();
    private final Set<Trait> traits = EnumSet.noneOf(Trait.class);

    Words(SplittableRandom random, Mode mode) {
        this.random = random;
        this.mode = mode;
    }

    Mode mode() {
        return mode;
    }

    Words add(String... more) {
        words.addAll(List.of(more));
        return this;
    }

    Words trait(Trait trait) {
        traits.add(trait);
        return this;
    }

    Words parameter(Object value) {
        parameters.add(value);
        return add("?");
    }

    List<Object> parameters() {
        return parameters;
    }

    Set<Trait> traits() {
        return traits;
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    @SafeVarargs
    final <T> T any(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A keyword in some spelling. */
    Words keyword(String word) {
        return add(oneIn(6) ? word.toLowerCase(Locale.ROOT) : word);
    }

    /** A column, or an alias: their case does not matter. */
    Words name(String name) {
        return add(quoted(oneIn(12) ? name.toUpperCase(Locale.ROOT) : name));
    }

    /** A table: its case matters. */
    Words table(String name) {
        return add(quoted(name));
    }

    /** A table with its schema. */
    Words qualified(String name) {
        trait(Trait.QUALIFIED);
        return add(Scratch.SCHEMA + any(".", ".", " . ") + quoted(name));
    }

    private String quoted(String name) {
        boolean must = name.equalsIgnoreCase("select")
                || !name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_');
        if (mode.ansiQuotes() && (must ? oneIn(2) : oneIn(8))) {
            trait(Trait.ANSI_NAME);
            return '"' + name.replace("\"", "\"\"") + '"';
        }
        if (must || oneIn(8)) {
            trait(Trait.QUOTED_NAME);
            return '`' + name.replace("`", "``") + '`';
        }
        return name;
    }

    /** The words joined. */
    String text() {
        int from = 0;
        int to = 0;
        if (words.size() > 3 && oneIn(7)) {
            from = 1 + random.nextInt(words.size() - 1);
            to = balanced(from);
        }
        StringBuilder text = new StringBuilder(oneIn(20) ? comment() : "");
        for (int i = 0; i < words.size(); i++) {
            if (i > 0) {
                text.append(i > from && i < to ? " " : gap(words.get(i - 1), words.get(i)));
            }
            if (i == from && to > from) {
                text.append(opening()).append(' ');
            }
            text.append(words.get(i));
            if (to > from && i == to - 1) {
                text.append(" */");
            }
        }
        if (oneIn(12)) {
            trait(Trait.SEMICOLON);
            text.append(oneIn(3) ? " ;" : ";");
        }
        if (oneIn(25)) {
            text.append(' ').append(comment());
        }
        return text.toString();
    }

    private String opening() {
        trait(Trait.EXECUTABLE_COMMENT);
        String opening = any(OPENINGS);
        if (opening.startsWith("/*!9") || opening.startsWith("/*M")) {
            trait(Trait.SKIPPED_COMMENT);
        }
        return opening;
    }

    /** The end of a run of words in which every parenthesis has its partner. */
    private int balanced(int from) {
        int depth = 0;
        int end = from;
        int longest = 1 + random.nextInt(words.size() - from);
        for (int i = from; i < words.size() && i < from + longest; i++) {
            depth += opens(words.get(i)) - (words.get(i).equals(")") ? 1 : 0);
            if (depth < 0) {
                break;
            }
            if (depth == 0) {
                end = i + 1;
            }
        }
        return end;
    }

    private static int opens(String word) {
        return word.endsWith("(") ? 1 : 0;
    }

    private String gap(String left, String right) {
        if (oneIn(14)) {
            return " " + comment();
        }
        boolean punctuation = "(),=".contains(left) || "(),=".contains(right) || left.endsWith("(");
        if (punctuation && oneIn(3)) {
            return "";
        }
        return oneIn(20) ? any(GAPS) : " ";
    }

    private String comment() {
        return switch (random.nextInt(6)) {
            case 0 -> {
                trait(Trait.LINE_COMMENT);
                yield any("-- \n", "-- it's ? `x` \n", "--\t/* \n", "--\n");
            }
            case 1 -> {
                trait(Trait.HASH_COMMENT);
                yield any("#\n", "# it's ? \"x \n", "#/* \n");
            }
            default -> {
                trait(Trait.BLOCK_COMMENT);
                yield any("/**/ ", "/* ? ' */ ", "/* -- */ ", "/* ; # \n */ ", "/* \" ` */ ", "/*- ! */ ");
            }
        };
    }
}
