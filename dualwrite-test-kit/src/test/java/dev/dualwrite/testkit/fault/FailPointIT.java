package dev.dualwrite.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.jdbc.Background;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.rehearsal.Passage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each step of the protocol is found on its network while it is done; it is cut off there, and nothing is lost. */
class FailPointIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration LATER = Duration.ofSeconds(60);
    private static final String DDL = "CREATE TABLE orders (id BIGINT PRIMARY KEY, state VARCHAR(10));";
    private static final String ROWS = "INSERT INTO orders VALUES (1, 'NEW'), (2, 'NEW'), (3, 'NEW');";

    private static DualWriteHarness started(Phase phase) {
        return DualWriteHarness.isolated()
                .schema(DDL)
                .sourceRows(ROWS)
                .phase(phase)
                .start();
    }

    /** One transaction with each kind of change, again until it is told that it is committed, or is already. */
    private static void write(DualWriteHarness kit) {
        Eventually.within(SOON).until("the application's transaction is committed", () -> {
            if (kit.owner().ask("SELECT state FROM orders WHERE id = 9").equals("NEW")) {
                return true;
            }
            try (Connection connection = kit.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                connection.createStatement().executeUpdate("INSERT INTO orders VALUES (9, 'NEW')");
                connection.createStatement().executeUpdate("UPDATE orders SET state = 'SENT' WHERE id = 1");
                connection.createStatement().executeUpdate("DELETE FROM orders WHERE id = 2");
                connection.commit();
                return true;
            }
        });
    }

    private static void backfill(DualWriteHarness kit) {
        Eventually.within(LATER)
                .until("everything is copied", () -> kit.dualWrite().backfill().complete());
    }

    private static void verify(DualWriteHarness kit) {
        Eventually.within(LATER)
                .until("everything is verified", () -> kit.dualWrite().verify().equal());
    }

    private static void flip(DualWriteHarness kit) {
        Eventually.within(LATER).until("the target owns", () -> {
            if (kit.dualWrite().ownership().phase() != Phase.REVERSE_WINDOW) {
                kit.enter(Phase.REVERSE_WINDOW);
            }
            return kit.target()
                    .ask("SELECT state FROM dualwrite_fence WHERE side = 'TARGET'")
                    .equals("OPEN");
        });
    }

    /** Cuts a step on the library's way, does something, and waits until the step was cut. */
    private static void cut(DualWriteHarness kit, FailPoint point, Moment moment, Database where, Runnable activity) {
        try (Cut cut = where.libraryNetwork().cutNext(moment, point)) {
            activity.run();
            cut.awaitHit(SOON);
        }
        kit.awaitConverged();
    }

    private void through(FailPoint point, Moment moment) throws SQLException {
        Phase phase = switch (point) {
            case SWITCH_BACKFILL, CLAIM_CHUNK, ADVANCE_CHUNK, CHANGE_PHASE -> Phase.SOURCE_ONLY;
            default -> Phase.DUAL_WRITE;
        };
        try (DualWriteHarness kit = started(phase)) {
            Database source = kit.source();
            Database target = kit.target();
            switch (point) {
                case READ_FENCE, WRITE_INTENTS, COMMIT, INSERT_ROWS, UPDATE_ROWS, DELETE_ROWS -> {
                    try (Cut cut = source.applicationNetwork().cutNext(moment, point)) {
                        write(kit);
                        cut.awaitHit(SOON);
                    }
                    if (point != FailPoint.READ_FENCE && point != FailPoint.WRITE_INTENTS) {
                        kit.awaitConverged();
                        for (Database side : List.of(source, target)) {
                            side.execute("DELETE FROM orders");
                            side.script(ROWS);
                        }
                        cut(kit, point, moment, target, () -> write(kit));
                    }
                }
                case READ_INTENTS, REMOVE_INTENTS, READ_ROWS -> cut(kit, point, moment, source, () -> write(kit));
                case LOCK_LANES -> cut(kit, point, moment, target, () -> write(kit));
                case MARK_INTENTS -> {
                    verify(kit);
                    cut(kit, point, moment, source, () -> write(kit));
                }
                case PARK -> {
                    target.execute("ALTER TABLE orders ADD CONSTRAINT none CHECK (id <> 9)");
                    try (Cut cut = source.libraryNetwork().cutNext(moment, point)) {
                        write(kit);
                        cut.awaitHit(SOON);
                    }
                    Eventually.within(SOON)
                            .until(
                                    "it is parked",
                                    () -> kit.dualWrite().status().parked() > 0);
                    target.execute("ALTER TABLE orders DROP CONSTRAINT none");
                    kit.dualWrite().unpark();
                    kit.awaitConverged();
                }
                case CHANGE_PHASE -> {
                    cut(
                            kit,
                            point,
                            moment,
                            source,
                            () -> Eventually.within(SOON).until("the phase is entered", () -> {
                                if (kit.dualWrite().ownership().phase() != Phase.DUAL_WRITE) {
                                    kit.dualWrite().enter(Phase.DUAL_WRITE);
                                }
                                return kit.dualWrite().ownership().phase() == Phase.DUAL_WRITE;
                            }));
                    backfill(kit);
                }
                case SWITCH_BACKFILL, CLAIM_CHUNK, ADVANCE_CHUNK -> {
                    kit.dualWrite().enter(Phase.DUAL_WRITE);
                    cut(kit, point, moment, target, () -> backfill(kit));
                    backfill(kit);
                }
                case BEGIN_VERIFICATION, DIGEST_ROWS, SAVE_VERIFICATION, SWITCH_MARKING ->
                    cut(kit, point, moment, source, () -> verify(kit));
                case FREEZE, HAND_OVER, CLOSE_OWNER -> cut(kit, point, moment, source, () -> flip(kit));
                case STAMP_FOLLOWER, LOCK_FENCE, OPEN_FOLLOWER -> cut(kit, point, moment, target, () -> flip(kit));
                case REOPEN_OWNER -> {
                    try (Cut lost = source.libraryNetwork().cutNext(Moment.BEFORE, FailPoint.HAND_OVER)) {
                        cut(kit, point, moment, source, () -> flip(kit));
                        lost.awaitHit(SOON);
                    }
                }
                case HEARTBEAT -> cut(kit, point, moment, target, () -> {});
            }
            kit.oracle().assertHolds();
        }
    }

    @ParameterizedTest
    @EnumSource(FailPoint.class)
    void isCutBeforeItIsDone(FailPoint point) throws SQLException {
        through(point, Moment.BEFORE);
    }

    @ParameterizedTest
    @EnumSource(FailPoint.class)
    void isCutAfterItIsDone(FailPoint point) throws SQLException {
        through(point, Moment.AFTER);
    }

    /** The owner has handed over and the new one cannot be reached: whoever finds that finishes it, as soon as it can. */
    @ParameterizedTest
    @EnumSource(
            value = FailPoint.class,
            names = {"LOCK_FENCE", "OPEN_FOLLOWER", "CLOSE_OWNER"})
    void isCutInARecovery(FailPoint point) throws Exception {
        try (DualWriteHarness kit = started(Phase.DUAL_WRITE);
                Hold hold = kit.source().libraryNetwork().holdNext(FailPoint.HAND_OVER)) {
            Passage passage = new Passage(kit.dualWrite());
            CompletableFuture<FlipOutcome> flip = CompletableFuture.supplyAsync(passage::attempt, Background.THREADS);
            hold.awaitHit(SOON);
            kit.target().down();
            hold.release();
            assertThat(flip.get(LATER.toSeconds(), TimeUnit.SECONDS)).isNotInstanceOf(FlipOutcome.Flipped.class);
            assertThat(kit.source().ask("SELECT state FROM dualwrite_fence")).isEqualTo("HANDED_OVER");
            Database where = point == FailPoint.CLOSE_OWNER ? kit.source() : kit.target();
            try (Cut cut = where.libraryNetwork().cutNext(Moment.BEFORE, point)) {
                kit.target().restore();
                cut.awaitHit(SOON);
            }
            flip(kit);
            kit.oracle().assertHolds();
        }
    }

    @Test
    void isHeldAndGoesOn() throws Exception {
        try (DualWriteHarness kit = started(Phase.DUAL_WRITE);
                Hold hold = kit.source().libraryNetwork().holdNext(FailPoint.HAND_OVER)) {
            CompletableFuture<Void> flip = CompletableFuture.runAsync(() -> flip(kit), Background.THREADS);
            hold.awaitHit(SOON);
            assertThat(kit.source().ask("SELECT state FROM dualwrite_fence"))
                    .as("while the hand-over is held")
                    .isEqualTo("FROZEN");
            assertThat(kit.target().ask("SELECT state FROM dualwrite_fence")).isEqualTo("CLOSED");
            hold.release();
            flip.get(LATER.toSeconds(), TimeUnit.SECONDS);
            kit.oracle().assertHolds();
        }
    }
}
