package dev.dualwrite.key;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Identifiers and literals that are safe to put into a statement's text, whatever the session's {@code sql_mode}. */
public final class Sql {
    private Sql() {}

    /** A quoted identifier. */
    public static String name(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    /** A text literal, as hexadecimal: no quoting rule of any session applies to it. */
    public static String text(String value) {
        return value.isEmpty()
                ? "_utf8mb4''"
                : "_utf8mb4 0x" + HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A binary literal. */
    public static String binary(byte[] value) {
        return value.length == 0 ? "_binary''" : "0x" + HexFormat.of().formatHex(value);
    }

    /**
     * An expression for bytes as hexadecimal text, the same in every session: one may have texts in a character set of
     * more than one byte for a digit.
     */
    public static String hex(String bytes) {
        return latin("HEX(" + bytes + ")");
    }

    /** An expression for the bytes that a hexadecimal text means, in every session. */
    public static String unhex(String text) {
        return "UNHEX(" + latin(text) + ")";
    }

    private static String latin(String text) {
        return "CONVERT(" + text + " USING latin1)";
    }
}
