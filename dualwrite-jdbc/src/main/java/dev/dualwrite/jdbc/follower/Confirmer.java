package dev.dualwrite.jdbc.follower;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.DivergenceTable.Divergence;
import dev.dualwrite.jdbc.control.DivergenceTable.Kind;
import dev.dualwrite.jdbc.control.Intent;
import dev.dualwrite.jdbc.control.VerificationTable.Verification;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Lanes;
import dev.dualwrite.key.Unit;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a row that seems to differ does (design, section 5): with its unit's locks held, the follower's
 * row, then the owner's row, then the owner's intents. With an unmarked intent it is in flight; without one and
 * with a difference it is a divergence, which is noted. So there are no false alarms, under any load. Thread-safe.
 */
public final class Confirmer {
    private static final Logger LOG = LoggerFactory.getLogger(Confirmer.class);

    private final Direction direction;

    public Confirmer(Direction direction) {
        this.direction = direction;
    }

    /** Where the record of verifications stands: on the source, a fixed place. */
    ControlSide record() {
        return direction.side(Side.SOURCE);
    }

    /** A row that differed at first sight. */
    record Suspect(Mapping table, Unit unit, Key key) {}

    /** As {@link #decide}, for keys of one table. */
    List<Suspect> confirm(Mapping table, List<Key> keys, long run) throws SQLException {
        List<Suspect> suspects = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += 200) {
            List<Key> some = keys.subList(from, Math.min(keys.size(), from + 200));
            List<Unit> units = Units.of(direction.owner(), table.key(), some);
            for (int i = 0; i < some.size(); i++) {
                suspects.add(new Suspect(table, units.get(i), some.get(i)));
            }
        }
        return decide(suspects, run);
    }

    /** Confirms suspects under the locks of their units; those that are in flight come back. */
    List<Suspect> decide(List<Suspect> suspects, long run) throws SQLException {
        List<Suspect> inFlight = new ArrayList<>();
        for (int from = 0; from < suspects.size(); from += 200) {
            List<Suspect> some = suspects.subList(from, Math.min(suspects.size(), from + 200));
            Map<Mapping, List<Suspect>> byTable = some.stream()
                    .collect(Collectors.groupingBy(Suspect::table, LinkedHashMap::new, Collectors.toList()));
            List<Divergence> divergent = new ArrayList<>();
            List<Unit> equal = new ArrayList<>();
            Map<Unit, String> noted;
            try (Connection connection = record().connection()) {
                noted = record().divergences()
                        .versions(connection, some.stream().map(Suspect::unit).toList());
            }
            direction.follower().inTransaction(connection -> {
                FenceRow fence =
                        direction.follower().fence().readShared(connection).orElseThrow();
                if (fence.state() != FenceState.CLOSED) {
                    throw new DualWriteException("DW-5003", fence.side() + " is " + fence.state() + ", not a follower");
                }
                direction
                        .follower()
                        .lanes()
                        .lock(
                                connection,
                                some.stream()
                                        .map(suspect -> Lanes.of(suspect.unit()))
                                        .toList());
                for (Map.Entry<Mapping, List<Suspect>> entry : byTable.entrySet()) {
                    compare(connection, entry.getKey(), entry.getValue(), divergent, equal, inFlight);
                }
                return fence;
            });
            noted.keySet().retainAll(equal);
            note(run, divergent, noted);
        }
        return inFlight;
    }

    private void compare(
            Connection connection,
            Mapping table,
            List<Suspect> suspects,
            List<Divergence> divergent,
            List<Unit> equal,
            List<Suspect> inFlight)
            throws SQLException {
        List<Key> keys = suspects.stream().map(Suspect::key).toList();
        Map<Integer, RowImage> there = table.readFollower(connection, keys);
        try (Connection reader = direction.owner().connection()) {
            Map<Integer, RowImage> wanted = table.readOwner(reader, keys);
            for (int i = 0; i < suspects.size(); i++) {
                Suspect suspect = suspects.get(i);
                RowImage a = wanted.get(i);
                RowImage b = there.get(i);
                if (a == null ? b == null : a.equals(b)) {
                    equal.add(suspect.unit());
                } else if (direction.owner().queue().pending(reader, Lanes.of(suspect.unit()), suspect.unit())) {
                    inFlight.add(suspect);
                } else {
                    divergent.add(new Divergence(
                            suspect.unit(),
                            table.key().table(),
                            suspect.key(),
                            a == null ? Kind.EXTRA : b == null ? Kind.MISSING : Kind.DIFFERENT,
                            a == null || b == null
                                    ? ""
                                    : a.differences(b).stream()
                                            .map(table::columnName)
                                            .collect(Collectors.joining(", "))));
                }
            }
        }
    }

    /** Notes what was found to differ, and forgets what was found equal as it was noted then. */
    void note(long run, Collection<Divergence> divergent, Map<Unit, String> equal) throws SQLException {
        if (divergent.isEmpty() && equal.isEmpty()) {
            return;
        }
        record().inTransaction(connection -> {
            for (Map.Entry<Unit, String> mended : equal.entrySet()) {
                record().divergences().removeAsRead(connection, mended.getKey(), mended.getValue());
            }
            for (Divergence divergence : divergent) {
                record().divergences().add(connection, run, direction.follower().side(), divergence);
            }
            return run;
        });
    }

    /**
     * Verifies the units that changed since they were verified, and takes their marks away.
     *
     * @return how many marks were read
     */
    public int verifyMarked(int limit) throws SQLException {
        List<Intent> marks;
        try (Connection connection = direction.owner().connection()) {
            marks = direction
                    .owner()
                    .queue()
                    .marked(connection, ThreadLocalRandom.current().nextInt(Lanes.COUNT), limit);
        }
        if (marks.isEmpty()) {
            return 0;
        }
        Map<Unit, Suspect> suspects = new HashMap<>();
        for (Intent mark : marks) {
            suspects.putIfAbsent(
                    mark.unit(),
                    new Suspect(
                            direction.mappings().of(direction.owner().side(), mark.table()), mark.unit(), mark.key()));
        }
        long run;
        try (Connection connection = record().connection()) {
            run = record().verifications()
                    .newest(connection)
                    .map(Verification::run)
                    .orElse(0L);
        }
        // a unit that is in flight has an unmarked intent, which becomes a mark once it is converged: this one can go
        List<Suspect> inFlight = decide(List.copyOf(suspects.values()), run);
        LOG.debug("of {} marked units {} are in flight again", suspects.size(), inFlight.size());
        direction.owner().inTransaction(connection -> {
            direction.owner().queue().unmark(connection, marks);
            return marks;
        });
        return marks.size();
    }
}
