package dev.dualwrite.corpus;

import dev.dualwrite.corpus.Scratch.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Draws values: those that rows have, those that none has, and the ways to write them. */
final class Literals {
    private static final List<String> TEXTS =
            List.of("x", "y", "it's", "a?b", "5", "n1", "n2", "Ärger", "X ", "a\\b", "-- z", "/* q", "\"z\"", ";", "");
    private static final List<String> DATES =
            List.of("2024-01-31", "2024-02-29", "2025-01-01", "2024-12-31 23:59:59.9", "24-03-01", "2024-02-30");
    private static final List<String> TIMES = List.of(
            "2024-01-31 10:00:00.5",
            "2024-02-29 23:59:59.999",
            "2024-02-29 23:59:59.9996",
            "1999-12-31",
            "2024-02-30 00:00:00",
            "2024-06-01T12:00:00");
    private static final List<String> BYTES = List.of("61", "6162", "", "00FF", "63", "275C");
    private static final List<String> DECIMALS = List.of("1.00", "1.50", "2.5", "-3", "7.005", "12.345", ".5", "1e1");

    private final Words words;

    Literals(Words words) {
        this.words = words;
    }

    /** A value for a column, as a constant of any kind. */
    void constant(Column column) {
        if (words.oneIn(4)) {
            parameter(column);
            return;
        }
        switch (column.type()) {
            case INT, AUTO -> integer();
            case TEXT -> textual();
            case BINARY -> binary();
            case DATE -> temporal(words.any(DATES), "DATE");
            case DATETIME -> temporal(words.any(TIMES), "TIMESTAMP");
            case DECIMAL -> decimal();
        }
    }

    void parameter(Column column) {
        switch (column.type()) {
            case INT, AUTO ->
                words.parameter(words.<Object>any(
                        (long) words.below(8),
                        words.below(8),
                        String.valueOf(words.below(8)),
                        BigInteger.valueOf(words.below(8)),
                        new BigDecimal(words.below(8)),
                        true,
                        words.below(8) + 0.5));
            case TEXT -> words.parameter(words.oneIn(6) ? (Object) words.below(8) : words.any(TEXTS));
            case BINARY ->
                words.parameter(
                        words.oneIn(4)
                                ? (Object) words.any("a", "ab", "")
                                : HexFormat.of().parseHex(words.any(BYTES)));
            case DATE -> words.parameter(words.any(DATES));
            case DATETIME -> words.parameter(words.any(TIMES));
            case DECIMAL -> words.parameter(new BigDecimal(words.any("1.00", "1.5", "2.50", "7.005")));
        }
    }

    /** Small, with its sign. */
    void integer() {
        int value = words.below(8);
        switch (words.below(16)) {
            case 0 -> words.add("-", String.valueOf(value));
            case 1 -> words.add("+", String.valueOf(value));
            case 2 -> words.add("0" + value);
            case 3 -> words.add(value + ".0");
            case 4 -> {
                words.trait(Trait.EXPONENT);
                words.add(words.any(value + "e0", value + "5e-1", value + ".5E0"));
            }
            case 5 -> {
                words.trait(Trait.HEX);
                words.add(words.any("0x0" + value, "x'0" + value + "'", "X'0" + value + "'"));
            }
            case 6 -> {
                words.trait(Trait.BITS);
                words.add(words.any("0b1", "b'11'", "B'101'"));
            }
            case 7 -> text(String.valueOf(value));
            case 8 -> words.add(words.any("TRUE", "FALSE", "true"));
            case 9 -> words.add("(").add(String.valueOf(value)).add(")");
            default -> words.add(String.valueOf(value));
        }
    }

    private void decimal() {
        String value = words.any(DECIMALS);
        if (value.startsWith("-")) {
            words.add("-", value.substring(1));
        } else if (words.oneIn(5)) {
            text(value);
        } else {
            if (value.contains("e")) {
                words.trait(Trait.EXPONENT);
            }
            words.add(value);
        }
    }

    private void binary() {
        String hex = words.any(BYTES);
        switch (words.below(5)) {
            case 0 -> text("ab");
            case 1 -> {
                words.trait(Trait.BITS);
                words.add(words.any("b'01100001'", "0b01100001"));
            }
            case 2 -> {
                words.trait(Trait.HEX);
                words.add(hex.isEmpty() ? "x''" : "0x" + hex);
            }
            default -> {
                words.trait(Trait.HEX);
                words.add(words.any("X'", "x'") + hex + "'");
            }
        }
    }

    private void temporal(String value, String type) {
        if (words.oneIn(4)) {
            words.trait(Trait.TEMPORAL);
            words.add(type);
            text(type.equals("DATE") ? value.substring(0, Math.min(10, value.length())) : value);
        } else if (words.oneIn(6)) {
            words.add(
                    value.substring(0, 4).contains("-")
                            ? "240301"
                            : value.substring(0, 10).replace("-", ""));
        } else {
            text(value);
        }
    }

    private void textual() {
        switch (words.below(14)) {
            case 0 -> {
                words.trait(Trait.NATIONAL);
                words.add(words.any("N", "n") + plain(words.any(TEXTS)));
            }
            case 1 -> {
                words.trait(Trait.INTRODUCER);
                words.add("_utf8mb4" + words.any("", " ") + plain(words.any(TEXTS)));
            }
            case 2 -> {
                words.trait(Trait.INTRODUCER).trait(Trait.HEX);
                words.add("_utf8mb4 X'"
                        + HexFormat.of().formatHex(words.any(TEXTS).getBytes(StandardCharsets.UTF_8)) + "'");
            }
            case 3 -> {
                words.trait(Trait.ADJACENT);
                String text = words.any(TEXTS);
                int cut = text.length() / 2;
                text(text.substring(0, cut));
                text(text.substring(cut));
            }
            case 4 -> {
                words.trait(Trait.HEX);
                words.add(words.any("0x6E31", "X'6e31'"));
            }
            case 5 -> integer();
            default -> text(words.any(TEXTS));
        }
    }

    /** A text in quotes of some kind. */
    void text(String value) {
        if (!words.mode().ansiQuotes() && words.oneIn(8)) {
            words.trait(Trait.DOUBLE_QUOTED);
            if (value.isEmpty()) {
                words.trait(Trait.EMPTY_TEXT);
            }
            String body = value.contains("\\") ? value.replace("\\", backslash()) : value;
            words.add('"' + body.replace("\"", "\"\"") + '"');
        } else {
            words.add(plain(value));
        }
    }

    private String plain(String value) {
        if (value.isEmpty()) {
            words.trait(Trait.EMPTY_TEXT);
        }
        String body = value.contains("\\") ? value.replace("\\", backslash()) : value;
        if (words.mode().noBackslashEscapes()) {
            if (words.oneIn(12)) {
                words.trait(Trait.BACKSLASH_LETTER);
                body += "\\";
            }
            return '\'' + body.replace("'", "''") + '\'';
        }
        boolean escape = body.contains("'") && words.oneIn(2);
        if (escape) {
            words.trait(Trait.BACKSLASH_ESCAPE);
        }
        return '\'' + body.replace("'", escape ? "\\'" : "''") + '\'';
    }

    private String backslash() {
        boolean letter = words.mode().noBackslashEscapes();
        words.trait(letter ? Trait.BACKSLASH_LETTER : Trait.BACKSLASH_ESCAPE);
        return letter ? "\\" : "\\\\";
    }
}
