package dev.dualwrite.sql;

/** Decodes quoted texts. The spans include the quotes and are known to be terminated. */
final class Literals {

    private Literals() {}

    /** A quoted name: only the doubled quote stands for something else. */
    static String unquote(String sql, int start, int end) {
        String quote = sql.substring(start, start + 1);
        String body = sql.substring(start + 1, end - 1);
        return body.contains(quote) ? body.replace(quote + quote, quote) : body;
    }

    /** A string. */
    static void decode(String sql, int start, int end, boolean noBackslashEscapes, StringBuilder out) {
        char quote = sql.charAt(start);
        int last = end - 1;
        for (int i = start + 1; i < last; i++) {
            char c = sql.charAt(i);
            if (c == quote) {
                out.append(quote);
                i++;
            } else if (c == '\\' && !noBackslashEscapes && i + 1 < last) {
                i++;
                escape(sql.charAt(i), out);
            } else {
                out.append(c);
            }
        }
    }

    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '0' -> out.append('\0');
            case 'b' -> out.append('\b');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'Z' -> out.append('\032');
            case '%', '_' -> out.append('\\').append(c);
            default -> out.append(c);
        }
    }
}
