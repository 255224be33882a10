package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.sql.Kind;
import dev.dualwrite.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A {@code SET} of session or user variables, as something to be run again in another session.
 *
 * @param sql the text
 * @param variable what it sets: a later one that sets the same takes its place
 * @param repeatable whether it certainly sets the same again: constants and parameters only
 */
record SetText(String sql, String variable, boolean repeatable) {
    private static final Pattern STRING =
            Pattern.compile("'(?:[^'\\\\]|\\\\.|'')*'|\"(?:[^\"\\\\]|\\\\.|\"\")*\"", Pattern.DOTALL);

    private static final String NAME = "@{0,2}(?:[\\w$]+\\s*\\.\\s*)?[\\w$`]+";
    private static final String ASSIGNMENT = "(?:(?:session|local)\\s+)?" + NAME + "\\s*:?=\\s*(?:[-+]?[\\w.]+|\\?|'')";
    private static final Pattern ASSIGNMENTS = Pattern.compile(
            "\\s*set\\s+" + ASSIGNMENT + "(?:\\s*,\\s*" + ASSIGNMENT + ")*\\s*;?\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern WORDS = Pattern.compile("[\\w\\s',;]*");
    private static final Pattern USER_VARIABLE = Pattern.compile("@[\\w.$`]+");

    /** Whether a statement is one. */
    static boolean concerns(Statement.Other statement) {
        return statement.kind() == Kind.SET_SESSION || statement.kind() == Kind.SET_USER_VARIABLE;
    }

    static SetText of(Statement.Other statement) {
        String sql = statement.sql();
        String plain = STRING.matcher(sql).replaceAll("''");
        boolean repeatable = plain.contains("=")
                ? ASSIGNMENTS.matcher(plain).matches()
                : WORDS.matcher(plain).matches(); // SET NAMES and the like
        List<String> names = statement.kind() == Kind.SET_SESSION
                ? statement.names()
                : USER_VARIABLE
                        .matcher(plain)
                        .results()
                        .map(MatchResult::group)
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList();
        boolean known = repeatable && !names.isEmpty();
        return new SetText(sql, known ? names.stream().collect(Collectors.joining(",")) : sql, repeatable);
    }
}
