package dev.dualwrite.jdbc.compare;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a result as they come, up to a limit. Of one thread at a time. */
final class Rows {
    private final int mostRows;
    private final long mostBytes;
    private final List<@Nullable Object[]> rows = new ArrayList<>();
    private @Nullable List<Column> columns;
    private long bytes;

    Rows(int mostRows, long mostBytes) {
        this.mostRows = mostRows;
        this.mostBytes = mostBytes;
    }

    void columns(ResultSet of) throws SQLException {
        if (columns == null) {
            columns = Column.of(of.getMetaData());
        }
    }

    /**
     * Takes the row that a result is at.
     *
     * @return false if it is too much
     */
    boolean take(ResultSet of) throws SQLException {
        columns(of);
        List<Column> known = columns == null ? List.of() : columns;
        if (rows.size() >= mostRows) {
            return false;
        }
        @Nullable Object[] row = new Object[known.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = known.get(i).kind() == Column.Kind.BYTES ? of.getBytes(i + 1) : of.getString(i + 1);
            bytes += Answer.size(row[i]);
            if (bytes > mostBytes) {
                return false;
            }
        }
        rows.add(row);
        return true;
    }

    long bytes() {
        return bytes;
    }

    /** All that was taken; without columns if no row came and nobody has asked for them. */
    Answer answer() {
        return new Answer(columns == null ? List.of() : columns, rows, 0);
    }
}
