package dev.dualwrite.testkit;

import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.fault.StatementLog;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The old side without the application: its account has no right on the moved tables there, and whatever names one of them is
 * written down, whether the application told of the error or swallowed it. What goes through the migration's {@code
 * DataSource} does not come here; what does is a hidden reader or writer.
 *
 * <p>Safe for use by any number of threads.
 */
public final class DeniedOldSide implements AutoCloseable {
    private static final int LONGEST = 200;
    private static final int SHOWN = 20;

    private final Database database;
    private final StatementLog log;
    private final Pattern moved;
    private boolean told; // guarded by this

    DeniedOldSide(Database database, List<String> tables) throws SQLException {
        this.database = database;
        this.moved = Pattern.compile(
                tables.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?<![\\w$])(", ")(?![\\w$])")),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        this.log = database.applicationNetwork().record();
        database.denyApplication(tables);
    }

    /** The statements that named a moved table on the old side since then, each once, shortened, in order. */
    public List<String> attempts() {
        return log.statements().stream()
                .map(statement -> statement.text())
                .filter(text -> moved.matcher(text).find())
                .map(text -> text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text)
                .distinct()
                .toList();
    }

    /**
     * Nobody came.
     *
     * @throws AssertionError with the statements of those who did; once: who has heard of them is not told again
     */
    public synchronized void assertUnused() {
        List<String> attempts = attempts();
        if (!attempts.isEmpty() && !told) {
            told = true;
            throw new AssertionError(String.format(
                    Locale.ROOT,
                    "%d statements went to moved tables on the old side, %s, past the migration's DataSource:%n  %s%s",
                    attempts.size(),
                    database,
                    attempts.stream().limit(SHOWN).collect(Collectors.joining(System.lineSeparator() + "  ")),
                    attempts.size() > SHOWN
                            ? System.lineSeparator() + "  … and " + (attempts.size() - SHOWN) + " more"
                            : ""));
        }
    }

    /** Gives the application its rights back. */
    @Override
    public void close() throws SQLException {
        log.close();
        database.admitApplication();
    }
}
