package dev.dualwrite.jdbc.compare;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.boundary.Sampled;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes down what a caller fetches, up to a small limit, and hands it over when he is done. What it may not keep, or could not
 * read, is asked for again later. Of the caller's thread.
 */
final class Notes implements Sampled {
    /** Rows that are kept of a result, and bytes: far less than its driver holds. */
    static final int ROWS = 500;

    static final int BYTES = 128_000;

    /** Columns that may hold longer values are not noted: making a copy of one would be felt. */
    private static final int WIDEST = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(Notes.class);

    private final Side side;
    private final Consumer<Notes> done;
    private @Nullable Rows rows = new Rows(ROWS, BYTES);
    private boolean looked;
    private boolean whole;
    private boolean over;

    Notes(Side side, Consumer<Notes> done) {
        this.side = side;
        this.done = done;
    }

    /** Where it was read. */
    Side side() {
        return side;
    }

    /** The whole answer as the caller has seen it; null if that is not known. */
    @Nullable Answer answer() {
        Rows known = rows;
        return whole && known != null ? known.answer() : null;
    }

    @Override
    public void row(ResultSet result) {
        Rows taking = rows;
        if (taking == null || over) {
            return;
        }
        try {
            if (!looked) {
                looked = true;
                if (wide(result.getMetaData())) {
                    rows = null;
                    return;
                }
            }
            if (!taking.take(result)) {
                rows = null;
            }
        } catch (SQLException | RuntimeException | Error e) {
            rows = null; // the caller's own reading says what is wrong, if anything is
            LOG.debug("a row could not be noted: {}", e.getClass().getName());
        }
    }

    private static boolean wide(ResultSetMetaData data) throws SQLException {
        for (int i = 1; i <= data.getColumnCount(); i++) {
            if (data.getColumnDisplaySize(i) > WIDEST) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void end() {
        finish(true);
    }

    @Override
    public void close() {
        finish(false);
    }

    private void finish(boolean all) {
        if (over) {
            return;
        }
        over = true;
        whole = all;
        done.accept(this);
    }
}
