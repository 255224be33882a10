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
 * @param repeatableRead whether plain reads answer from the time of the transaction's first
 * @param increment between two generated ids
 * @param ansiQuotes whether double quotes hold names
 * @param noBackslashEscapes whether a backslash is a letter
 * @param zeroIsExplicit whether 0 is a value for an AUTO_INCREMENT column
 * @param strict whether values that do not fit are errors
 * @param charset of the texts that the client sends, lower case
 * @param safeUpdates whether changes without a key are refused by the server
 * @param readsTexts whether a text is read as it is stored: in its own character set or one that has every letter,
 *     and not padded by the driver
 * @param padsChars whether the server pads what it answers of a CHAR column
 */
record SessionFacts(
        boolean serializable,
        boolean repeatableRead,
        long increment,
        boolean ansiQuotes,
        boolean noBackslashEscapes,
        boolean zeroIsExplicit,
        boolean strict,
        String charset,
        boolean safeUpdates,
        boolean readsTexts,
        boolean padsChars) {

    private static final Set<String> UNSAFE_CHARSETS = Set.of("sjis", "cp932", "gbk", "gb18030", "big5", "gb2312");

    /** Of results; as "binary" a server sends each column in its own. */
    private static final Set<String> COMPLETE_CHARSETS = Set.of("utf8mb4", "binary");

    private static final String QUESTION = """
            SELECT @@session.transaction_isolation, @@session.auto_increment_increment, @@session.sql_mode, \
            @@session.character_set_client, @@session.sql_safe_updates, \
            COALESCE(@@session.character_set_results, 'binary') LIMIT 1""";

    static SessionFacts read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUESTION)) {
            if (!row.next()) {
                throw new SQLException("the server did not answer about its session", "HY000");
            }
            Set<String> modes = Set.of(row.getString(3).toUpperCase(Locale.ROOT).split(","));
            return new SessionFacts(
                    row.getString(1).equalsIgnoreCase("SERIALIZABLE"),
                    row.getString(1).equalsIgnoreCase("REPEATABLE-READ"),
                    row.getLong(2),
                    modes.contains("ANSI_QUOTES"),
                    modes.contains("NO_BACKSLASH_ESCAPES"),
                    modes.contains("NO_AUTO_VALUE_ON_ZERO"),
                    modes.contains("STRICT_TRANS_TABLES") || modes.contains("STRICT_ALL_TABLES"),
                    row.getString(4).toLowerCase(Locale.ROOT),
                    row.getBoolean(5),
                    COMPLETE_CHARSETS.contains(row.getString(6).toLowerCase(Locale.ROOT))
                            && !Driver.padsChars(connection),
                    modes.contains("PAD_CHAR_TO_FULL_LENGTH"));
        }
    }

    /** The same session after {@code setTransactionIsolation}. */
    SessionFacts withIsolation(int level) {
        return new SessionFacts(
                level == Connection.TRANSACTION_SERIALIZABLE,
                level == Connection.TRANSACTION_REPEATABLE_READ,
                increment,
                ansiQuotes,
                noBackslashEscapes,
                zeroIsExplicit,
                strict,
                charset,
                safeUpdates,
                readsTexts,
                padsChars);
    }

    /** Whether a text may be cut where the server does not cut it. */
    boolean unsafeCharset() {
        return UNSAFE_CHARSETS.contains(charset);
    }
}
