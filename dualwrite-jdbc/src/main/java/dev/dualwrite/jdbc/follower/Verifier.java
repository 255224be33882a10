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
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Lanes;
import dev.dualwrite.key.Unit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a follower with its owner while both live (design, section 5). A row that differs at first
 * sight is confirmed with its unit's locks held: follower's row, then owner's row, then the owner's
 * intents. With an unmarked intent it is in flight and looked at again; without one it is a divergence.
 *
 * <p>From the first verification on, converged intents are marked instead of deleted, and a mark goes when
 * a verification that started after it has covered its unit. So what changed since is always known.
 */
public final class Verifier {
    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);
    private static final int DUPLICATE_KEY = 1062;
    private static final int PAGE = 1000;
    private static final Duration SETTLE = Duration.ofSeconds(30);

    private final Direction direction;
    private final Map<Side, ControlSide> sides;
    private final String mapping;
    private final Seams seams;

    /** What is compared with what, and where the record of it stands: on the source, a fixed place. */
    public Verifier(Direction direction, String mapping, Seams seams) {
        this.direction = direction;
        this.sides = Map.of(
                direction.owner().side(), direction.owner(),
                direction.follower().side(), direction.follower());
        this.mapping = mapping;
        this.seams = seams;
    }

    private ControlSide record() {
        ControlSide source = sides.get(Side.SOURCE);
        if (source == null) {
            throw new IllegalStateException("no source");
        }
        return source;
    }

    /**
     * A verification's result.
     *
     * @param complete whether every row was compared and none was left in flight
     * @param rows compared
     * @param unsettled units that kept changing and were not decided
     * @param divergences confirmed, at most 1000 of them
     */
    public record Result(boolean complete, long rows, int unsettled, List<Divergence> divergences) {
        public Result {
            divergences = List.copyOf(divergences);
        }

        /** Whether the follower is proven equal. */
        public boolean equal() {
            return complete && divergences.isEmpty();
        }
    }

    /** Compares the whole domain; goes on where an interrupted verification stopped. */
    public Result run(BooleanSupplier stop) throws SQLException {
        FenceRow owner = markingOwner();
        Verification verification = join(owner);
        long rows = verification.rows();
        List<Suspect> unsettled = new ArrayList<>();
        @Nullable String reached = verification.table();
        for (Map.Entry<String, Mapping> entry :
                new TreeMap<>(direction.mappings().all(direction.owner().side())).entrySet()) {
            if (reached != null && entry.getKey().compareTo(reached) < 0) {
                continue;
            }
            @Nullable Key after = entry.getKey().equals(reached) ? verification.after() : null;
            boolean more = true;
            while (more) {
                if (stop.getAsBoolean()) {
                    return new Result(false, rows, unsettled.size(), divergences());
                }
                Page page = page(entry.getValue(), after);
                unsettled.addAll(confirm(entry.getValue(), page.suspects(), verification.run()));
                rows += page.rows();
                after = page.last();
                more = after != null;
                if (more) {
                    // what is unsettled is settled below, or the verification does not finish
                    long soFar = rows;
                    @Nullable Key reachedKey = unsettled.isEmpty() ? after : null;
                    if (reachedKey != null) {
                        record().inTransaction(connection -> {
                            record().verifications()
                                    .advance(connection, verification.run(), entry.getKey(), reachedKey, soFar);
                            return reachedKey;
                        });
                    }
                    seams.afterVerifiedPage();
                }
            }
        }
        settle(unsettled, verification.run(), stop);
        if (!unsettled.isEmpty()) {
            return new Result(false, rows, unsettled.size(), divergences());
        }
        record().inTransaction(connection -> {
            record().verifications().finish(connection, verification.run());
            record().verifications().purge(connection, verification.run() - 5);
            return verification;
        });
        String before = verification.marksBefore();
        if (before != null) {
            direction.owner().inTransaction(connection -> {
                direction.owner().queue().unmarkBefore(connection, before);
                return before;
            });
        }
        return new Result(true, rows, 0, divergences());
    }

    private List<Divergence> divergences() throws SQLException {
        try (Connection connection = record().connection()) {
            return record().divergences().list(connection, 1000);
        }
    }

    /** The owner's fence row, with marking on. */
    private FenceRow markingOwner() throws SQLException {
        try (Connection connection = direction.owner().connection()) {
            for (int attempt = 0; attempt < 20; attempt++) {
                FenceRow row = direction.owner().fence().read(connection).orElseThrow();
                if (row.state() != FenceState.OPEN || !row.phase().capturing()) {
                    throw new DualWriteException(
                            "DW-5003",
                            "no verification while " + row.side() + " is " + row.state() + " in " + row.phase()
                                    + ": changes must leave intents meanwhile");
                }
                if (row.marking()) {
                    return row;
                }
                direction.owner().fence().mark(connection, row, true);
            }
        }
        throw new DualWriteException("DW-5004", "the owner's fence row keeps changing; try again");
    }

    private Verification join(FenceRow owner) throws SQLException {
        String sourceUuid = uuid(Side.SOURCE);
        String targetUuid = uuid(Side.TARGET);
        String now;
        try (Connection connection = direction.owner().connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CAST(UTC_TIMESTAMP(6) AS CHAR)")) {
            row.next();
            now = row.getString(1);
        }
        while (true) {
            try {
                return record().inTransaction(connection -> {
                    Optional<Verification> newest = record().verifications().newest(connection);
                    if (newest.isPresent()) {
                        Verification v = newest.get();
                        if (v.running()
                                && v.captureEpoch() == owner.captureEpoch()
                                && v.follower() == direction.follower().side()
                                && v.mapping().equals(mapping)
                                && v.sourceUuid().equals(sourceUuid)
                                && v.targetUuid().equals(targetUuid)) {
                            return v;
                        }
                    }
                    record().divergences().clear(connection);
                    record().verifications()
                            .start(
                                    connection,
                                    newest.map(Verification::run).orElse(0L) + 1,
                                    direction.follower().side(),
                                    owner.captureEpoch(),
                                    mapping,
                                    sourceUuid,
                                    targetUuid,
                                    now);
                    return record().verifications().newest(connection).orElseThrow();
                });
            } catch (SQLException e) {
                if (e.getErrorCode() != DUPLICATE_KEY) {
                    throw e;
                }
                LOG.debug("another instance began the same verification first; this one joins it");
            }
        }
    }

    private String uuid(Side side) throws SQLException {
        ControlSide control = sides.get(side);
        if (control == null) {
            throw new IllegalStateException("no " + side);
        }
        try (Connection connection = control.connection()) {
            return control.fence().read(connection).orElseThrow().actualUuid();
        }
    }

    /** A row that differed at first sight. */
    private record Suspect(Mapping table, Unit unit, Key key) {}

    /**
     * Rows of both sides, compared.
     *
     * @param last the owner's last key, null if there is nothing behind it
     */
    private record Page(
            List<Key> suspects, long rows, @Nullable Key last) {}

    private Page page(Mapping table, @Nullable Key after) throws SQLException {
        List<Mapping.KeyedRow> owner;
        try (Connection connection = direction.owner().connection()) {
            owner = table.rangeOwner(connection, after, false, null, PAGE);
        }
        @Nullable Key last = owner.size() < PAGE ? null : owner.get(owner.size() - 1).key();
        Map<Key, RowImage> follower = new LinkedHashMap<>();
        try (Connection connection = direction.follower().connection()) {
            for (Mapping.KeyedRow row : table.rangeFollower(connection, after, false, last, 0)) {
                follower.put(row.key(), row.image());
            }
        }
        List<Key> suspects = new ArrayList<>();
        for (Mapping.KeyedRow row : owner) {
            if (!row.image().equals(follower.remove(row.key()))) {
                suspects.add(row.key());
            }
        }
        suspects.addAll(follower.keySet());
        return new Page(suspects, owner.size(), last);
    }

    private List<Suspect> confirm(Mapping table, List<Key> keys, long run) throws SQLException {
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

    /** Looks again at what is in flight until it is decided, for a bounded time; leaves in the list what is not. */
    private void settle(List<Suspect> unsettled, long run, BooleanSupplier stop) throws SQLException {
        long deadline = System.nanoTime() + SETTLE.toNanos();
        while (!unsettled.isEmpty() && System.nanoTime() < deadline && !stop.getAsBoolean()) {
            List<Suspect> rest = decide(List.copyOf(unsettled), run);
            unsettled.clear();
            unsettled.addAll(rest);
            if (!rest.isEmpty()) {
                try {
                    Thread.sleep(10);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Confirms suspects under the locks of their units; those that are in flight come back. */
    private List<Suspect> decide(List<Suspect> suspects, long run) throws SQLException {
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

    private void note(long run, Collection<Divergence> divergent, Map<Unit, String> equal) throws SQLException {
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
