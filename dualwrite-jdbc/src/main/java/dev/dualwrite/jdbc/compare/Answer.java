package dev.dualwrite.jdbc.compare;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a side has answered to a query. Immutable, though it holds arrays.
 *
 * @param columns of its rows
 * @param rows values: texts, byte arrays and nulls
 * @param error the vendor's code if the server cannot answer the query at all, else 0
 */
record Answer(List<Column> columns, List<@Nullable Object[]> rows, int error) {
    Answer {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    static Answer failed(int error) {
        return new Answer(List.of(), List.of(), error == 0 ? -1 : error);
    }

    boolean failed() {
        return error != 0;
    }

    /** Whether its columns were not looked at, because it has no row. */
    boolean unseen() {
        return columns.isEmpty();
    }

    /** About how many bytes a value takes. */
    static long size(@Nullable Object value) {
        return 24L + (value instanceof String text ? text.length() : value instanceof byte[] bytes ? bytes.length : 0);
    }

    /** The same for answers with the same rows, whatever their order. */
    Print print() {
        long first = 0;
        long second = 0;
        for (@Nullable Object[] row : rows) {
            ByteBuffer digest = ByteBuffer.wrap(digest(row));
            first += digest.getLong();
            second += digest.getLong();
        }
        return new Print(rows.size(), first, second, error);
    }

    /** What is remembered of an answer. */
    record Print(int rows, long first, long second, int error) {}

    private static byte[] digest(@Nullable Object[] row) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Object value : row) {
                byte[] bytes = value instanceof byte[] b
                        ? b
                        : value == null ? new byte[0] : value.toString().getBytes(StandardCharsets.UTF_8);
                digest.update((byte) (value == null ? 0 : 1));
                digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
                digest.update(bytes);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
