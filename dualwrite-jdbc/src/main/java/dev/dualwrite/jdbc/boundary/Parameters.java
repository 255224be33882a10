package dev.dualwrite.jdbc.boundary;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one execution, or of one element of a batch.
 *
 * @param slots by JDBC index minus one; null where nothing was set
 */
record Parameters(List<@Nullable Slot> slots) {
    static final Parameters NONE = new Parameters(List.of());

    /** Whether they can be set any number of times. */
    boolean repeatable() {
        for (Slot slot : slots) {
            if (slot != null && slot.raw() == Slot.STREAM) {
                return false;
            }
        }
        return true;
    }

    /** What was set, see {@link Slot#raw()}. */
    Object raw(int index) throws SQLException {
        return slot(index).raw();
    }

    /** Makes the same calls on a statement that repeats these parameters in this order. */
    void bind(PreparedStatement statement, List<Integer> indexes) throws SQLException {
        int at = 0;
        for (int index : indexes) {
            at++;
            slot(index).setter().apply(statement, at);
        }
    }

    private Slot slot(int index) throws SQLException {
        Slot slot = index > slots.size() ? null : slots.get(index - 1);
        if (slot == null) {
            int first = slots.indexOf(null);
            throw new SQLException(
                    "No value specified for parameter " + (first < 0 ? slots.size() + 1 : first + 1), "07001");
        }
        return slot;
    }
}
