package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kill switch, and the deep one that stops intents as well. */
@Scenario(20)
class KillSwitchIT {
    private static final Duration BUDGET = Duration.ofSeconds(10);

    /** Writes rows through the boundary; each is told to be committed. */
    private static void writeRows(Rig rig, Node node, int from, int to) throws SQLException {
        for (int id = from; id <= to; id++) {
            node.write("INSERT INTO account VALUES (" + id + ", 'someone', 1, NULL)");
            rig.log().present("account", "id", id);
        }
    }

    private static long onTarget(Rig rig) throws SQLException {
        return Long.parseLong(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account"));
    }

    /** A row written now, and one written after that, do not reach the target; so nothing converges. */
    private static void assertNothingConverges(Rig rig, Node node, int firstFree) {
        int[] next = {firstFree};
        Eventually.eventually().untilAsserted(() -> {
            long before = onTarget(rig);
            long queued = rig.queued(Side.SOURCE);
            writeRows(rig, node, next[0], next[0] + 14);
            next[0] += 15;
            assertThat(onTarget(rig)).isEqualTo(before);
            assertThat(rig.queued(Side.SOURCE)).as("intents go on").isEqualTo(queued + 15);
        });
    }

    private static void sql(Rig rig, String statement) throws SQLException {
        rig.schema(Side.SOURCE).execute(statement.formatted(rig.migration()));
    }

    /** How the switch is pulled, and how it is released. */
    enum By {
        API {
            @Override
            void pull(Rig rig, Node node, boolean on) {
                node.dualWrite().kill(on);
            }
        },
        SQL {
            @Override
            void pull(Rig rig, Node node, boolean on) throws SQLException {
                sql(
                        rig,
                        on
                                ? "INSERT INTO dualwrite_flag (migration, name, flag_value, changed_at, changed_by)"
                                        + " VALUES ('%s', 'kill', 'on', UTC_TIMESTAMP(6), 'operator')"
                                : "DELETE FROM dualwrite_flag WHERE migration = '%s' AND name = 'kill'");
            }
        };

        abstract void pull(Rig rig, Node node, boolean on) throws SQLException;
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void pulledUnderLoadItStopsConvergingAndNothingElseAlsoAfterARestart(By by) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            writeRows(rig, node, 1, 5);
            Rig.readyToFlip(node.dualWrite());
            CompletableFuture<Void> load = CompletableFuture.runAsync(
                    () -> {
                        try {
                            writeRows(rig, node, 1_000, 1_150);
                        } catch (SQLException e) {
                            throw new AssertionError(e);
                        }
                    },
                    Background.THREADS);
            by.pull(rig, node, true);
            Eventually.eventually()
                    .until("it is heard", () -> node.dualWrite().status().killed());
            load.get(60, TimeUnit.SECONDS);
            assertNothingConverges(rig, node, 2_000);

            node.close();
            long left = rig.queued(Side.SOURCE);
            assertThat(left).isPositive();
            Node again = rig.node("again").start();
            assertThat(again.dualWrite().status().killed()).as("it is durable").isTrue();
            assertNothingConverges(rig, again, 3_000);
            assertThat(rig.queued(Side.SOURCE)).isGreaterThanOrEqualTo(left + 15);

            by.pull(rig, again, false);
            Eventually.eventually().until("released, the queue drains", () -> rig.queued(Side.SOURCE) == 0);
            rig.finish();
        }
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void whatOneInstancePulledAnotherReleasesForAll(By by) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one").start();
            Node two = rig.node("two").start();
            Rig.readyToFlip(one.dualWrite());
            one.dualWrite().kill(true);
            Eventually.eventually()
                    .until("two hears it", () -> two.dualWrite().status().killed());
            assertNothingConverges(rig, two, 1);
            by.pull(rig, two, false);
            Eventually.eventually()
                    .until("one hears it", () -> !one.dualWrite().status().killed());
            Eventually.eventually()
                    .until("two hears it", () -> !two.dualWrite().status().killed());
            two.close(); // so that it is one that converges
            writeRows(rig, one, 5_000, 5_003);
            Eventually.eventually().until("one converges again", () -> rig.queued(Side.SOURCE) == 0);
            rig.finish();
        }
    }

    @Test
    void itEndsTheWaitingOfThoseWhoWaitForTheFollower() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", builder -> builder.sync(BUDGET)).start();
            Rig.readyToFlip(node.dualWrite());
            rig.proxy(Side.TARGET).blackHole();
            long began = System.nanoTime();
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(
                    () -> {
                        try {
                            writeRows(rig, node, 1, 1);
                        } catch (SQLException e) {
                            throw new AssertionError(e);
                        }
                    },
                    Background.THREADS);
            Eventually.eventually().until("the row is committed", () -> rig.queued(Side.SOURCE) == 1);
            node.dualWrite().kill(true);
            waiting.get(60, TimeUnit.SECONDS);
            writeRows(rig, node, 2, 20); // with the full budget for each this would take minutes
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BUDGET.multipliedBy(3));
            rig.proxy(Side.TARGET).pass();
            node.dualWrite().kill(false);
            rig.finish();
        }
    }

    @Test
    void noFlipWhileItIsPulled() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            writeRows(rig, node, 1, 3);
            Rig.readyToFlip(node.dualWrite());
            Eventually.eventually().until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
            node.dualWrite().kill(true);
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).failed())
                    .extracting(GateReport.Check::name)
                    .containsExactly("not-killed");
            assertThat(node.dualWrite().flip()).isInstanceOf(FlipOutcome.Refused.class);
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            node.dualWrite().kill(false);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    /** How intents are stopped as well. */
    enum Deep {
        API,
        DOCUMENTED_UPDATE
    }

    @Scenario(84)
    @ParameterizedTest
    @EnumSource(Deep.class)
    void theDeepSwitchStopsIntentsAndReenteringDemandsBackfillAndVerificationAnew(Deep by) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            DualWrite dualWrite = node.dualWrite();
            writeRows(rig, node, 1, 4);
            node.write("INSERT INTO account VALUES (5, 'gone later', 1, NULL)");
            rig.log().absent("account", "id", 5);
            Rig.readyToFlip(dualWrite);
            assertThat(dualWrite.gate(Phase.REVERSE_WINDOW).open()).isTrue();
            CompletableFuture<Void> load = CompletableFuture.runAsync(
                    () -> {
                        try {
                            writeRows(rig, node, 1_000, 1_100);
                        } catch (SQLException e) {
                            throw new AssertionError(e);
                        }
                    },
                    Background.THREADS);
            if (by == Deep.API) {
                Rig.enter(dualWrite, Phase.SOURCE_ONLY);
            } else {
                sql(rig, """
                        UPDATE dualwrite_fence SET phase='SOURCE_ONLY', epoch=epoch+1, capture_epoch=0, marking=0, \
                        attempt=UUID() WHERE migration='%s' AND side='SOURCE' AND state='OPEN' AND phase='DUAL_WRITE'""");
            }
            load.get(60, TimeUnit.SECONDS);
            Eventually.eventually()
                    .until("it is heard", () -> dualWrite.ownership().phase() == Phase.SOURCE_ONLY);
            Eventually.eventually().until("what was queued converges", () -> rig.queued(Side.SOURCE) == 0);
            writeRows(rig, node, 2_000, 2_010);
            node.write("DELETE FROM account WHERE id = 5");
            assertThat(rig.queued(Side.SOURCE))
                    .as("there are no intents any more")
                    .isZero();
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account WHERE id >= 2000"))
                    .isEqualTo("0");
            assertThat(dualWrite.gate(Phase.REVERSE_WINDOW).open()).isFalse();

            Rig.enter(dualWrite, Phase.DUAL_WRITE);
            assertThat(dualWrite.gate(Phase.REVERSE_WINDOW).failed())
                    .extracting(GateReport.Check::name)
                    .containsExactly("verified");
            assertThat(dualWrite.flip()).isInstanceOf(FlipOutcome.Refused.class);
            assertThatThrownBy(dualWrite::verify)
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-5003")
                    .hasMessageContaining("backfill");
            assertThat(dualWrite.backfill().complete()).isTrue();
            Rig.verify(dualWrite);
            assertThat(dualWrite.gate(Phase.REVERSE_WINDOW).open()).isTrue();
            rig.finish(rig.oracle());
        }
    }
}
