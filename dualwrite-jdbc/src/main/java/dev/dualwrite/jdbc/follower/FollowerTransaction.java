package dev.dualwrite.jdbc.follower;

import dev.dualwrite.FenceState;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Unit;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One transaction that writes units on the follower, under the locks of invariant I4: the follower's fence
 * shared, and CLOSED; the unfinished chunks of the units shared; their lanes exclusively. The owner's rows
 * are read after all of them are held, in a snapshot opened after them.
 */
final class FollowerTransaction {
    private static final int DUPLICATE_KEY = 1062;

    private final Direction direction;
    private final ControlSide owner;
    private final ControlSide follower;
    private final Mappings mappings;
    private final Chunks chunks;
    private final Seams seams;

    FollowerTransaction(Direction direction, Seams seams) {
        this.direction = direction;
        this.owner = direction.owner();
        this.follower = direction.follower();
        this.mappings = direction.mappings();
        this.chunks = direction.chunks();
        this.seams = seams;
    }

    /**
     * Converges what it gets the lanes of.
     *
     * @param wait whether to wait for lanes that others hold, or to leave those units out
     * @param replace whether to write changed rows by delete and insert, which breaks cycles of unique values
     */
    Convergence run(Collection<WorkUnit> units, boolean wait, boolean replace) throws SQLException {
        Convergence outcome = follower.inTransaction(connection -> {
            Convergence reached = locked(connection, units, wait, replace);
            if (reached instanceof Convergence.Committed) {
                seams.beforeFollowerCommit();
            } else {
                connection.rollback();
            }
            return reached;
        });
        if (outcome instanceof Convergence.Committed) {
            seams.afterFollowerCommit();
        }
        return outcome;
    }

    private Convergence locked(Connection connection, Collection<WorkUnit> wanted, boolean wait, boolean replace)
            throws SQLException {
        Optional<FenceRow> fence = follower.fence().readShared(connection);
        Optional<String> stop = whyStop(fence);
        if (stop.isPresent()) {
            return new Convergence.Stopped(stop.get());
        }
        long backfill = fence.orElseThrow().backfill();
        if (backfill != 0) {
            chunks.lockShared(connection, backfill, wanted);
        }
        Set<Integer> lanes = wanted.stream().map(WorkUnit::lane).collect(Collectors.toSet());
        Set<Integer> held = wait
                ? follower.lanes().lock(connection, lanes)
                : follower.lanes().lockFree(connection, lanes);
        List<WorkUnit> units =
                wanted.stream().filter(unit -> held.contains(unit.lane())).toList();
        if (units.isEmpty()) {
            return new Convergence.Busy();
        }
        seams.afterLanesLocked();
        return converge(connection, fence.orElseThrow(), units, replace);
    }

    private Optional<String> whyStop(Optional<FenceRow> fence) {
        if (fence.isEmpty()) {
            return Optional.of("the fence row of " + follower.side() + " is missing");
        }
        FenceRow row = fence.get();
        if (row.state() != FenceState.CLOSED) {
            return Optional.of(follower.side() + " is " + row.state() + ", not a follower");
        }
        if (!row.atHome()) {
            return Optional.of(follower.side() + " is another server than the one that was verified ("
                    + row.actualUuid() + ", not " + row.serverUuid() + "): accept it by name and verify it anew");
        }
        return Optional.empty();
    }

    private Convergence converge(Connection connection, FenceRow to, List<WorkUnit> units, boolean replace)
            throws SQLException {
        Map<String, List<WorkUnit>> byTable =
                units.stream().collect(Collectors.groupingBy(WorkUnit::table, LinkedHashMap::new, Collectors.toList()));
        List<TableWork> work = new ArrayList<>();
        Map<Unit, String> parked;
        try (Connection reader = owner.connection()) {
            Optional<String> stop = owner.fence()
                    .read(reader)
                    .map(from -> Direction.whyNotCopy(from, to))
                    .orElse(Optional.of("the fence row of " + owner.side() + " is missing"));
            if (stop.isEmpty()) {
                stop = direction.whyFallenBack(connection, reader);
            }
            if (stop.isPresent()) {
                return new Convergence.Stopped(stop.get());
            }
            parked = owner.parked()
                    .versions(reader, units.stream().map(WorkUnit::unit).toList());
            for (Map.Entry<String, List<WorkUnit>> entry : byTable.entrySet()) {
                Mapping mapping = mappings.of(owner.side(), entry.getKey());
                List<Key> keys = entry.getValue().stream().map(WorkUnit::key).toList();
                try {
                    work.add(new TableWork(
                            mapping, keys, mapping.readOwner(reader, keys), mapping.readFollower(connection, keys)));
                } catch (SQLException e) {
                    return new Convergence.Failed(e); // as one of a write: it may be of one key alone
                }
            }
        }
        seams.afterOwnerRead();
        try {
            for (TableWork table : work) {
                table.removals(connection, replace);
                seams.betweenFollowerStatements();
            }
            for (TableWork table : work) {
                table.additions(connection, replace);
            }
        } catch (SQLException e) {
            if (e.getErrorCode() == DUPLICATE_KEY) {
                return clash(connection, units, work, e);
            }
            return new Convergence.Failed(e);
        }
        return new Convergence.Committed(units, parked);
    }

    /** Who holds the unique values that were needed? Their units belong to the same transaction. */
    private Convergence clash(Connection connection, List<WorkUnit> units, List<TableWork> work, SQLException cause)
            throws SQLException {
        connection.rollback();
        Set<Unit> known = units.stream().map(WorkUnit::unit).collect(Collectors.toSet());
        Map<Unit, WorkUnit> others = new HashMap<>();
        for (TableWork table : work) {
            List<Key> holders = table.mapping.holdersOfUniqueValues(connection, table.ownerRows.values());
            if (!holders.isEmpty()) {
                List<Unit> holdersUnits = Units.of(owner, table.mapping.key(), holders);
                for (int i = 0; i < holders.size(); i++) {
                    if (!known.contains(holdersUnits.get(i))) {
                        others.put(
                                holdersUnits.get(i),
                                new WorkUnit(
                                        holdersUnits.get(i), table.mapping.key().table(), holders.get(i)));
                    }
                }
            }
        }
        return new Convergence.Clash(List.copyOf(others.values()), cause);
    }

    /** The rows of one table on both sides, and what has to happen between them. */
    private static final class TableWork {
        private final Mapping mapping;
        private final List<Key> keys;
        private final Map<Integer, RowImage> ownerRows;
        private final Map<Integer, RowImage> followerRows;

        TableWork(
                Mapping mapping,
                List<Key> keys,
                Map<Integer, RowImage> ownerRows,
                Map<Integer, RowImage> followerRows) {
            this.mapping = mapping;
            this.keys = keys;
            this.ownerRows = ownerRows;
            this.followerRows = followerRows;
        }

        void removals(Connection connection, boolean replace) throws SQLException {
            List<Key> gone = new ArrayList<>();
            for (Map.Entry<Integer, RowImage> there : followerRows.entrySet()) {
                RowImage wanted = ownerRows.get(there.getKey());
                if (wanted == null || (replace && moves(there.getValue(), wanted))) {
                    gone.add(keys.get(there.getKey()));
                }
            }
            if (!gone.isEmpty()) {
                mapping.delete(connection, gone);
            }
        }

        void additions(Connection connection, boolean replace) throws SQLException {
            List<RowImage> inserts = new ArrayList<>();
            List<Mapping.Change> updates = new ArrayList<>();
            List<Key> written = new ArrayList<>();
            List<RowImage> images = new ArrayList<>();
            for (Map.Entry<Integer, RowImage> wanted : ownerRows.entrySet()) {
                RowImage there = followerRows.get(wanted.getKey());
                if (there == null || (replace && moves(there, wanted.getValue()))) {
                    inserts.add(wanted.getValue());
                } else if (!there.equals(wanted.getValue())) {
                    updates.add(new Mapping.Change(there, wanted.getValue()));
                } else {
                    continue;
                }
                written.add(keys.get(wanted.getKey()));
                images.add(wanted.getValue());
            }
            mapping.update(connection, updates);
            mapping.insert(connection, inserts);
            mapping.prove(connection, written, images);
        }

        private boolean moves(RowImage from, RowImage to) {
            return !from.equals(to) && mapping.movesUniqueValue(new Mapping.Change(from, to));
        }
    }
}
