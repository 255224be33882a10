package dev.dualwrite.sql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What statements have in common that differ by their values only. Immutable.
 *
 * @param text the statement without values and comments: each literal is a {@code ?}, and a list of them is one
 * @param id 32 hexadecimal digits, the same in every process
 */
public record SqlShape(String text, String id) {

    /** A text is lexed alike by all servers, but for what stands in executable comments. */
    private static final SqlDialect DIALECT = SqlDialect.mysql(80_400);

    /** The shape of a text as it is read in a session whose {@code sql_mode} leaves quotes and backslashes as they are. */
    public static SqlShape of(String sql) {
        Tokens tokens = Lexer.lex(sql, DIALECT);
        StringBuilder text = new StringBuilder(sql.length());
        int values = 0; // how far a list of values has come: a value, a comma, a value
        for (int i = 0; i < tokens.size(); i++) {
            boolean value = isValue(tokens.type(i));
            if (value && values == 2) {
                text.setLength(text.lastIndexOf(","));
                text.append(text.toString().endsWith("…") ? "" : ", …");
                values = 1;
                continue;
            }
            boolean comma = tokens.is(i, ',');
            values = value ? 1 : comma && values == 1 ? 2 : 0;
            if (i > 0 && !comma && tokens.end(i - 1) < tokens.start(i)) {
                text.append(' ');
            }
            text.append(value ? "?" : sql.substring(tokens.start(i), tokens.end(i)));
        }
        return named(text.toString());
    }

    /** Something that is not a statement, and is told apart by its name. */
    public static SqlShape named(String name) {
        return new SqlShape(name, id(name));
    }

    private static boolean isValue(TokenType type) {
        return switch (type) {
            case STRING, DOUBLE_STRING, INTEGER, DECIMAL, FLOAT, HEX, PARAM -> true;
            case WORD, QUOTED, USER_VARIABLE, SYSTEM_VARIABLE, SYMBOL, NOTHING -> false;
        };
    }

    private static String id(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
