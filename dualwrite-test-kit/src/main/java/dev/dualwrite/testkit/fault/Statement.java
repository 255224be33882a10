package dev.dualwrite.testkit.fault;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One thing a client asked of a server.
 *
 * @param connection the proxy's number of the connection, from 1
 * @param command what kind it was
 * @param sql the text as sent, without a trailing semicolon or space; empty where the command has none
 */
public record Statement(int connection, Command command, String sql) {

    /** Comments and spaces before the first word; hints that the server executes are no comments. */
    private static final Pattern LEADING =
            Pattern.compile("^(?:\\s+|/\\*(?![!+]).*?\\*/|--\\s[^\\n]*\\n|#[^\\n]*\\n)+", Pattern.DOTALL);

    static final Pattern COMMIT =
            Pattern.compile("COMMIT(?:\\s+WORK)?(?:\\s+AND\\s+.*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Matches what ends a transaction well: {@code COMMIT} as text, in any case, after comments. Not {@code XA}. */
    public static Predicate<Statement> isCommit() {
        return statement -> statement.command == Command.QUERY
                && COMMIT.matcher(statement.text()).matches();
    }

    /** Matches statements, prepared or not, whose text starts so, in any case, after comments. */
    public static Predicate<Statement> startsWith(String prefix) {
        return statement -> statement.text().regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** Matches statements, prepared or not, whose text contains this, in any case. */
    public static Predicate<Statement> contains(String part) {
        Pattern pattern = Pattern.compile(Pattern.quote(part), Pattern.CASE_INSENSITIVE);
        return statement -> pattern.matcher(statement.sql).find();
    }

    /** The text from its first word on. */
    public String text() {
        String text = LEADING.matcher(sql).replaceFirst("").strip();
        return text.endsWith(";") ? text.substring(0, text.length() - 1).strip() : text;
    }
}
