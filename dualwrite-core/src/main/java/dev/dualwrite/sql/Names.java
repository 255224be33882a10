package dev.dualwrite.sql;

/** Compares identifiers without regard to case. */
final class Names {

    private Names() {}

    /** Equal for two names if and only if {@link String#equalsIgnoreCase} holds for them. */
    static String fold(String name) {
        char[] chars = null;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            char folded = Character.toLowerCase(Character.toUpperCase(c));
            if (folded != c) {
                if (chars == null) {
                    chars = name.toCharArray();
                }
                chars[i] = folded;
            }
        }
        return chars == null ? name : new String(chars);
    }

    /** Whether the raw text contains the name, in whatever context. A name with quotes in it always does. */
    static boolean occursIn(String name, String sql) {
        if (name.indexOf('`') >= 0 || name.indexOf('"') >= 0) {
            return true;
        }
        for (int at = 0; at + name.length() <= sql.length(); at++) {
            if (sql.regionMatches(true, at, name, 0, name.length())) {
                return true;
            }
        }
        return false;
    }
}
