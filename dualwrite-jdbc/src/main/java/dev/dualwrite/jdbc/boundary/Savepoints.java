package dev.dualwrite.jdbc.boundary;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * The savepoints of a transaction, in the order in which they were set. One that is set before anything was done does not
 * bind the transaction to a side; so if that moves, they are set again there, under their names. Of one thread at a time.
 */
final class Savepoints {
    /** @param fenced whether the transaction held the fence when it was set */
    private record Place(Savepoint savepoint, boolean fenced) {}

    /** Not to be changed while it is empty. */
    private List<Place> set = List.of();

    private boolean alone;

    boolean isEmpty() {
        return set.isEmpty();
    }

    /** @param before whether they stand before anything else that the transaction has done */
    void stand(boolean before) {
        alone = before;
    }

    /** Whether nothing of the transaction came before the last statement but these. */
    boolean standAlone() {
        return alone && !set.isEmpty();
    }

    /** As a server does, it forgets an older one of the same name. */
    void add(Savepoint savepoint, boolean fenced) throws SQLException {
        int older = indexOf(savepoint);
        if (older >= 0) {
            set.remove(older);
        } else if (set.isEmpty()) {
            set = new ArrayList<>();
        }
        set.add(new Place(savepoint, fenced));
    }

    /**
     * What was set after this one is gone.
     *
     * @return whether the transaction is known to have held the fence when it was set
     */
    boolean wentBackTo(Savepoint savepoint) throws SQLException {
        int at = indexOf(savepoint);
        keep(at + 1, savepoint);
        return at >= 0 && set.get(at).fenced();
    }

    /** This one is gone, and what was set after it. */
    void released(Savepoint savepoint) throws SQLException {
        keep(indexOf(savepoint), savepoint);
    }

    private void keep(int count, Savepoint savepoint) throws SQLException {
        if (indexOf(savepoint) >= 0) {
            set.subList(count, set.size()).clear();
        }
    }

    private int indexOf(Savepoint savepoint) throws SQLException {
        for (int i = 0; i < set.size(); i++) {
            if (set.get(i).savepoint().getSavepointName().equalsIgnoreCase(savepoint.getSavepointName())) {
                return i;
            }
        }
        return -1;
    }

    void clear() {
        set = List.of();
    }

    /** On another connection, of which autocommit is off. Once it is read-only, the driver sends none. */
    void setAgain(Connection connection) throws SQLException {
        boolean readOnly = connection.isReadOnly();
        if (readOnly) {
            connection.setReadOnly(false);
        }
        for (Place place : set) {
            connection.setSavepoint(place.savepoint().getSavepointName());
        }
        if (readOnly) {
            connection.setReadOnly(true);
        }
    }
}
