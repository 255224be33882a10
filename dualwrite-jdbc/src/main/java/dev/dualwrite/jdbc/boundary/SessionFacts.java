package dev.dualwrite.jdbc.boundary;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Set;

/**
 * What a server's session says of itself, where it changes how a statement is read or its keys are known.
 *
 * @param serializable whether plain reads lock
 * @param increment between two generated ids
 * @param ansiQuotes whether double quotes hold names
 * @param noBackslashEscapes whether a backslash is a letter
 * @param zeroIsExplicit whether 0 is a value for an AUTO_INCREMENT column
 * @param strict whether values that do not fit are errors
 * @param charset of the texts that the client sends, lower case
 * @param safeUpdates whether changes without a key are refused by the server
 */
record SessionFacts(
        boolean serializable,
        long increment,
        boolean ansiQuotes,
        boolean noBackslashEscapes,
        boolean zeroIsExplicit,
        boolean strict,
        String charset,
        boolean safeUpdates) {

    private static final Set<String> UNSAFE_CHARSETS = Set.of("sjis", "cp932", "gbk", "gb18030", "big5", "gb2312");

    private static final String QUESTION = """
            SELECT @@session.transaction_isolation, @@session.auto_increment_increment, @@session.sql_mode, \
            @@session.character_set_client, @@session.sql_safe_updates LIMIT 1""";

    static SessionFacts read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUESTION)) {
            if (!row.next()) {
                throw new SQLException("the server did not answer about its session", "HY000");
            }
            Set<String> modes = Set.of(row.getString(3).toUpperCase(Locale.ROOT).split(","));
            return new SessionFacts(
                    row.getString(1).equalsIgnoreCase("SERIALIZABLE"),
                    row.getLong(2),
                    modes.contains("ANSI_QUOTES"),
                    modes.contains("NO_BACKSLASH_ESCAPES"),
                    modes.contains("NO_AUTO_VALUE_ON_ZERO"),
                    modes.contains("STRICT_TRANS_TABLES") || modes.contains("STRICT_ALL_TABLES"),
                    row.getString(4).toLowerCase(Locale.ROOT),
                    row.getBoolean(5));
        }
    }

    /** The same session after {@code setTransactionIsolation}. */
    SessionFacts withIsolation(int level) {
        return new SessionFacts(
                level == Connection.TRANSACTION_SERIALIZABLE,
                increment,
                ansiQuotes,
                noBackslashEscapes,
                zeroIsExplicit,
                strict,
                charset,
                safeUpdates);
    }

    /** Whether a text may be cut where the server does not cut it. */
    boolean unsafeCharset() {
        return UNSAFE_CHARSETS.contains(charset);
    }
}
