package dev.dualwrite.jdbc.follower;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.DivergenceTable.Divergence;
import dev.dualwrite.jdbc.control.VerificationTable.Verification;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.key.Key;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a follower with its owner while both live (design, section 5). A row that differs at first
 * sight is confirmed with its unit's locks held: follower's row, then owner's row, then the owner's
 * intents. With an unmarked intent it is in flight and looked at again; without one it is a divergence.
 *
 * <p>Both servers compute a digest of each range of keys, side by side; only where these differ are the digests of
 * single rows fetched, and only rows whose digests differ are looked at under locks.
 *
 * <p>From the first verification on, converged intents are marked instead of deleted, and a mark goes when
 * a verification that started after it has covered its unit. So what changed since is always known.
 */
public final class Verifier {
    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);
    private static final int DUPLICATE_KEY = 1062;
    private static final int FIRST_RANGE = 1000;
    private static final int RANGE = 100_000;
    private static final Duration SETTLE = Duration.ofSeconds(30);

    private static final int LOCK_WAIT_TIMEOUT = 1205;

    private final Direction direction;
    private final Confirmer confirmer;
    private final String mapping;
    private final Tuning tuning;
    private final Controls controls;
    private final Seams seams;

    /** What is compared with what, and where the record of it stands: on the source, a fixed place. */
    public Verifier(Direction direction, String mapping, Tuning tuning, Controls controls, Seams seams) {
        this.direction = direction;
        this.confirmer = new Confirmer(direction);
        this.mapping = mapping;
        this.tuning = tuning;
        this.controls = controls;
        this.seams = seams;
    }

    private ControlSide record() {
        return confirmer.record();
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
    public Result run() throws SQLException {
        FenceRow owner = markingOwner();
        Verification verification = join(owner);
        Course course = new Course(verification);
        try (Crew crew =
                new Crew("dualwrite-" + record().names().migration() + "-verification", 2 * tuning.workers())) {
            for (Map.Entry<String, Mapping> entry : course.left()) {
                StepSize size = new StepSize(FIRST_RANGE, RANGE, tuning.step());
                Comparison comparison = new Comparison(
                        direction, entry.getValue(), crew, tuning.workers(), size, course.after(entry.getKey()));
                while (comparison.hasNext()) {
                    if (controls.stopped()) {
                        return new Result(false, course.rows, course.unsettled.size(), divergences());
                    }
                    course.passed(entry, comparison.next());
                }
            }
        }
        settle(course.unsettled, verification.run());
        List<Divergence> orphans = new Orphans(direction).confirmed(controls::stopped);
        confirmer.note(verification.run(), orphans, Map.of());
        if (!course.unsettled.isEmpty() || controls.stopped()) {
            return new Result(false, course.rows, course.unsettled.size(), divergences());
        }
        finish(verification, course.rows);
        return new Result(true, course.rows, 0, divergences());
    }

    private void finish(Verification verification, long rows) throws SQLException {
        record().inTransaction(connection -> {
            record().verifications().finish(connection, verification.run(), rows);
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
    }

    /** Where one run of a verification is; only touched by the thread that runs it. */
    private final class Course {
        private final Verification verification;
        private final List<Confirmer.Suspect> unsettled = new ArrayList<>();
        private long rows;

        Course(Verification verification) {
            this.verification = verification;
            this.rows = verification.rows();
        }

        /** The tables that are not done. */
        List<Map.Entry<String, Mapping>> left() {
            String reached = verification.table();
            return new TreeMap<>(direction.mappings().all(direction.owner().side()))
                    .entrySet().stream()
                            .filter(entry -> reached == null || entry.getKey().compareTo(reached) >= 0)
                            .toList();
        }

        @Nullable Key after(String table) {
            return table.equals(verification.table()) ? verification.after() : null;
        }

        /** A range was compared: what differs is confirmed; then the progress is durable, if nothing is open. */
        void passed(Map.Entry<String, Mapping> table, Comparison.Compared compared) throws SQLException {
            unsettled.addAll(confirmer.confirm(table.getValue(), compared.suspects(), verification.run()));
            rows += compared.rows();
            Key last = compared.last();
            if (last == null) {
                return;
            }
            if (unsettled.isEmpty()) { // what is unsettled is settled at the end, or the verification does not finish
                long soFar = rows;
                record().inTransaction(connection -> {
                    record().verifications().advance(connection, verification.run(), table.getKey(), last, soFar);
                    return last;
                });
            }
            seams.afterVerifiedPage();
        }
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
                mark(connection, row);
            }
        }
        throw new DualWriteException("DW-5004", "the owner's fence row keeps changing; try again");
    }

    private void mark(Connection connection, FenceRow row) throws SQLException {
        try {
            direction.owner().fence().mark(connection, row, true);
        } catch (SQLException e) {
            if (e.getErrorCode() != LOCK_WAIT_TIMEOUT) {
                throw e;
            }
            throw new DualWriteException(
                    "DW-5014",
                    "a verification begins behind all transactions that are open on " + row.side()
                            + ", and one did not end within seconds: verify again when it has ended",
                    e);
        }
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
        long estimate = estimate();
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
                                    now,
                                    estimate);
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

    /** How many rows there are, about, as the owner's statistics have it. */
    private long estimate() throws SQLException {
        try (Connection connection = direction.owner().connection()) {
            long rows = 0;
            for (Mapping table :
                    direction.mappings().all(direction.owner().side()).values()) {
                rows += table.estimateOwner(connection, direction.owner().dialect());
            }
            return rows;
        }
    }

    private String uuid(Side side) throws SQLException {
        ControlSide control = direction.side(side);
        try (Connection connection = control.connection()) {
            return control.fence().read(connection).orElseThrow().actualUuid();
        }
    }

    /** Looks again at what is in flight until it is decided, for a bounded time; leaves in the list what is not. */
    private void settle(List<Confirmer.Suspect> unsettled, long run) throws SQLException {
        long deadline = System.nanoTime() + SETTLE.toNanos();
        while (!unsettled.isEmpty() && System.nanoTime() < deadline && !controls.stopped()) {
            List<Confirmer.Suspect> rest = confirmer.decide(List.copyOf(unsettled), run);
            unsettled.clear();
            unsettled.addAll(rest);
            if (!rest.isEmpty() && !Sleep.millis(10)) {
                return;
            }
        }
    }
}
