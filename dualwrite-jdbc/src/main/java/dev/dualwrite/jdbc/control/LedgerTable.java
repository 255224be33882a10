package dev.dualwrite.jdbc.control;

import dev.dualwrite.jdbc.StoredResult;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Sql;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ledger: one row for each idempotency key of a transaction that has committed, written in that transaction. It
 * belongs to one migration alone and moves like any of its tables (design, section 2.5). Thread-safe.
 */
public final class LedgerTable {
    /** Bytes of a key, as UTF-8. */
    public static final int KEY_BYTES = 255;

    /** Bytes of what is stored with a key. */
    public static final int RESULT_BYTES = 4096;

    private static final int NAME = 64;

    private final String table;
    private final String lockShared;

    /** @param lockShared the clause that makes a SELECT lock its rows shared */
    public LedgerTable(String schema, String name, String lockShared) {
        this.table = Sql.name(schema) + '.' + Sql.name(name);
        this.lockShared = lockShared;
    }

    /** Its name: the migration's, as far as that can be one. */
    public static String name(String prefix, String migration) {
        String plain = migration.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        String name = prefix + "ledger_" + plain;
        if (plain.equals(migration) && name.length() <= NAME) {
            return name;
        }
        String digest = "_" + digest(migration);
        return name.substring(0, Math.min(name.length(), NAME - digest.length())) + digest;
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Its definition. */
    public static String ddl(String schema, String name) {
        return """
                CREATE TABLE IF NOT EXISTS %s.%s (
                  idempotency_key VARBINARY(%d) NOT NULL,
                  result     VARBINARY(%d) NULL,
                  applied_at DATETIME(6) NOT NULL,
                  PRIMARY KEY (idempotency_key),
                  KEY by_age (applied_at)
                ) ENGINE=InnoDB""".formatted(Sql.name(schema), Sql.name(name), KEY_BYTES, RESULT_BYTES);
    }

    /** Takes a key, in the application's transaction: {@code ?} is the key. */
    public static String insert(String name) {
        return "INSERT INTO " + Sql.name(name) + " (idempotency_key, applied_at) VALUES (?, UTC_TIMESTAMP(6))";
    }

    /** Stores what belongs to a key that was taken: {@code ?} are the result and the key. */
    public static String store(String name) {
        return "UPDATE " + Sql.name(name) + " SET result = ? WHERE idempotency_key = ?";
    }

    /** Answers what was stored with a key, as of now and not of an older snapshot: {@code ?} is the key. */
    public static String select(String name) {
        return "SELECT result FROM " + Sql.name(name) + " WHERE idempotency_key = ? LOCK IN SHARE MODE";
    }

    /**
     * A key's row.
     *
     * @param result what was stored with it; null if nothing was
     */
    public record Entry(@Nullable StoredResult result) {}

    /** Reads a key's row under a shared lock: if a transaction that has written it is not decided yet, that is waited for. */
    public Optional<Entry> readShared(Connection connection, byte[] key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT result FROM " + table + " WHERE idempotency_key = ? " + lockShared)) {
            select.setBytes(1, key);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                byte[] result = row.getBytes(1);
                return Optional.of(new Entry(result == null ? null : new StoredResult(result)));
            }
        }
    }

    /** Removes rows. */
    public void delete(Connection connection, Table read, List<Key> keys) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "DELETE FROM " + table + " WHERE " + read.key().predicate(keys));
        }
    }

    /** Locks the oldest rows that are older than this, at most so many, and answers their keys. */
    public List<Key> lockOlderThan(Connection connection, Table read, Duration age, int limit) throws SQLException {
        List<Key> keys = new ArrayList<>();
        String key = String.join(", ", read.key().selectList(""));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + key + " FROM " + table
                        + " WHERE applied_at < UTC_TIMESTAMP(6) - INTERVAL " + age.toSeconds()
                        + " SECOND ORDER BY applied_at LIMIT " + limit + " FOR UPDATE SKIP LOCKED")) {
            while (row.next()) {
                keys.add(Key.of(row.getString(1)));
            }
        }
        return keys;
    }
}
