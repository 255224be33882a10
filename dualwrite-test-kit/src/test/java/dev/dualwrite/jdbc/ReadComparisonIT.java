package dev.dualwrite.jdbc;

import static dev.dualwrite.testkit.fault.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.TcpProxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** Reads are compared off the caller's path; only what goes on to differ counts, and the gate wants to have seen enough. */
class ReadComparisonIT {
    private static final String ONE = "SELECT id, owner, balance FROM account WHERE id = ?";
    private static final String ALL = "SELECT id, owner FROM account ORDER BY id";
    private static final int ROWS = 6;

    /** A migration in SHADOW_READ with some rows on both sides. */
    private static Node shadowing(Rig rig, ReadComparison how) throws SQLException {
        Node node = rig.node("one", b -> b.readComparison(how)).start();
        for (int id = 1; id <= ROWS; id++) {
            node.write("INSERT INTO account VALUES (" + id + ", 'topsecret', " + id + ".50, NULL)");
        }
        Rig.readyToFlip(node.dualWrite());
        Rig.enter(node.dualWrite(), Phase.SHADOW_READ);
        return node;
    }

    /** All values of a query's answer, asked through the boundary. */
    private static List<String> read(Node node, String sql, Object... parameters) throws SQLException {
        try (Connection connection = node.dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            List<String> values = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        values.add(row.getString(i));
                    }
                }
            }
            return values;
        }
    }

    private static Optional<ReadReport.Shape> shape(Node node, String text) {
        return node.dualWrite().readReport().shapes().stream()
                .filter(shape -> shape.text().equals(text))
                .findFirst();
    }

    private static long counted(Node node, String text, ToLongFunction<ReadReport.Shape> what) {
        return shape(node, text).map(what::applyAsLong).orElse(0L);
    }

    private static double figure(Node node, String name) {
        return node.dualWrite().metrics().getOrDefault("reads." + name, 0.0);
    }

    /** Reads until so many of a shape were compared. */
    private static ReadReport.Shape compared(Node node, int times, String sql, Object... parameters) {
        return eventually()
                .value(
                        () -> {
                            read(node, sql, parameters);
                            return shape(node, sql).filter(shape -> shape.compared() >= times);
                        },
                        () -> "not compared " + times + " times: " + shape(node, sql) + " "
                                + node.dualWrite().metrics());
    }

    private static Optional<String> gate(Node node) {
        return node.dualWrite().gate(Phase.TARGET_READ).failed().stream()
                .filter(check -> check.name().equals("reads-compared"))
                .map(GateReport.Check::detail)
                .findFirst();
    }

    @Test
    @Scenario(96)
    @Requirement(319)
    void nobodyWaitsForATargetThatIsDeadSlowThrowsOrAnswersTooMuch() throws Exception {
        try (Rig rig = Rig.shared()) {
            rig.schema(Side.SOURCE).execute("CREATE VIEW holder_names AS SELECT id, owner FROM account");
            Node node = shadowing(
                    rig,
                    ReadComparison.standard()
                            .withMinimum(3)
                            .withPercent(100)
                            .withAnswersUpTo(ROWS - 1, 100_000)
                            .withBulkhead(2, 4, Duration.ofSeconds(1)));
            List<String> first = List.of("1", "topsecret", "1.50");
            compared(node, 3, ONE, 1);

            TcpProxy target = rig.proxy(Side.TARGET);
            target.blackHole();
            double before = figure(node, "compared");
            for (int i = 0; i < 300; i++) {
                assertThat(read(node, ONE, 1)).isEqualTo(first);
            }
            // all callers have their answers, and the target has not said a word since
            assertThat(figure(node, "compared")).isLessThanOrEqualTo(before + 2);
            assertThat(figure(node, "dropped")).isGreaterThan(250);
            target.pass();
            target.down();
            for (int i = 0; i < 20; i++) {
                assertThat(read(node, ONE, 1)).isEqualTo(first);
            }
            eventually().until("errors of the candidate are counted", () -> {
                read(node, ONE, 1);
                return figure(node, "candidate-errors") > 0;
            });
            target.pass();
            target.delay(Duration.ofMillis(20));
            double dead = figure(node, "compared");
            eventually().until("what answers again is compared again", () -> {
                assertThat(read(node, ONE, 1)).isEqualTo(first);
                return figure(node, "compared") > dead;
            });
            target.pass();

            eventually().until("too large", () -> {
                assertThat(read(node, ALL)).hasSize(ROWS * 2);
                return shape(node, ALL)
                        .filter(all -> all.skipped().getOrDefault("too-large", 0L) > 0)
                        .isPresent();
            });

            String view = "SELECT owner FROM holder_names WHERE id = ?";
            assertThat(compared(node, 1, view, 1).different()).isPositive();
            assertThat(node.dualWrite().readReport().differences())
                    .allSatisfy(difference -> assertThat(difference.detail()).contains("error 1146"))
                    .isNotEmpty();
            assertThat(shape(node, ONE).orElseThrow().different()).isZero();
            assertThat(figure(node, "comparing-failed")).isZero();
            rig.schema(Side.SOURCE).execute("DROP VIEW holder_names");
            rig.finish();
        }
    }

    @Test
    @Scenario(98)
    void whatIsMadeEqualIsCountedByTheNameOfItsRule() throws Exception {
        String rows = "SELECT owner, id FROM account";
        String ties = "SELECT id FROM account ORDER BY owner";
        String floats = "SELECT id, 1e-1 + 2e-1 AS f FROM account WHERE id = ?";
        String scales = "SELECT id, balance AS d FROM account WHERE id = ?";
        String now = "SELECT id, NOW() AS asked FROM account";
        String ignored = "SELECT id, NOW(6) AS asked FROM account";
        String limited = "SELECT id FROM account LIMIT 1";
        String host = "SELECT id, LOWER(owner) AS name FROM account";
        try (Rig rig = Rig.shared()) {
            Node node = shadowing(
                    rig,
                    ReadComparison.standard()
                            .withMinimum(2)
                            .onTarget(rows, rows + " ORDER BY id DESC")
                            .onTarget(ties, ties + ", id DESC")
                            .onTarget(floats, "SELECT id, 3e-1 AS f FROM account WHERE id = ?")
                            .onTarget(
                                    scales, "SELECT id, CAST(balance AS DECIMAL(20,6)) AS d FROM account WHERE id = ?")
                            .ignoring(ignored, "asked")
                            .onTarget(host, "SELECT id, UPPER(owner) AS name FROM account")
                            .alike(host, "name", "any-case", String::equalsIgnoreCase));
            assertThat(compared(node, 2, rows).normalised()).containsOnlyKeys("order-of-rows");
            assertThat(compared(node, 2, ties).normalised()).containsOnlyKeys("order-of-ties");
            String shape = "SELECT id, ? + ? AS f FROM account WHERE id = ?";
            eventually().until("floats", () -> {
                read(node, floats, 1);
                return shape(node, shape)
                        .filter(one -> one.compared() > 0)
                        .map(one -> one.normalised().containsKey("float-text"))
                        .orElse(false);
            });
            assertThat(compared(node, 2, scales, 1).normalised()).containsOnlyKeys("numeric-scale");
            assertThat(compared(node, 2, host).normalised()).containsOnlyKeys("any-case");
            String masked = "SELECT id, NOW(?) AS asked FROM account";
            eventually().until("ignored", () -> {
                read(node, ignored);
                return shape(node, masked)
                        .map(one -> one.normalised().containsKey("ignored"))
                        .orElse(false);
            });
            read(node, now);
            read(node, limited);
            assertThat(shape(node, now).orElseThrow().skipped()).containsOnlyKeys("not-repeatable");
            assertThat(shape(node, "SELECT id FROM account LIMIT ?")
                            .orElseThrow()
                            .skipped())
                    .containsOnlyKeys("limit-without-order");
            assertThat(node.dualWrite().readReport().shapes())
                    .allSatisfy(one -> assertThat(one.different()).isZero());
            assertThat(gate(node).orElseThrow()).contains("not-repeatable").contains("limit-without-order");
            rig.finish();
        }
    }

    @Test
    @Requirement({319, 369})
    void aDifferenceIsFoundUnderLoadAndMendedAndWhatLagsIsNone() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = shadowing(rig, ReadComparison.standard().withMinimum(5).withPercent(100));
            String hot = "SELECT id, balance FROM account WHERE id = ?";
            String sum = "SELECT COUNT(*) AS n, SUM(balance) AS s FROM account";
            try (Writers writers = Writers.start(rig, node, 2, 1_000, Duration.ofMillis(5))) {
                compared(node, 5, hot, 1_000);
                writers.awaitEach(Duration.ofSeconds(20));
                node.dualWrite().kill(true);
                node.write("UPDATE account SET balance = 77 WHERE id = 5");
                long killed = System.nanoTime();
                eventually().until("the target is behind, and is met so", () -> {
                    read(node, hot, 1_000);
                    read(node, ONE, 5); // which goes on to differ, and nobody writes it
                    read(node, sum);
                    return rig.queued(Side.SOURCE) > 20
                            && System.nanoTime() - killed
                                    > Duration.ofMillis(900).toNanos();
                });
                assertThat(node.dualWrite().readReport().differences()).isEmpty();
                node.dualWrite().kill(false);
                ReadReport.Shape lagging = eventually()
                        .value(
                                () -> {
                                    read(node, hot, 1_001);
                                    return shape(node, hot)
                                            .filter(shape -> shape.lagged() > 0 && shape.compared() > 20);
                                },
                                () -> shape(node, hot).toString());
                assertThat(lagging.different()).isZero();
                assertThat(gate(node).filter(text -> text.contains("otherwise")))
                        .isEmpty();

                rig.schema(Side.TARGET)
                        .execute(
                                "UPDATE account SET balance = 987654.32, owner = 'planted-value' WHERE id = 2",
                                "DELETE FROM account WHERE id = 3");
                eventually().until("found", () -> {
                    read(node, ONE, 2);
                    read(node, ALL);
                    return shape(node, ONE).filter(one -> one.different() > 0).isPresent()
                            && shape(node, ALL)
                                    .filter(one -> one.different() > 0)
                                    .isPresent();
                });
                assertThat(shape(node, hot).orElseThrow().different()).isZero();
                assertThat(gate(node).orElseThrow())
                        .contains("answered otherwise")
                        .contains(ONE);
            }
            ReadReport report = node.dualWrite().readReport();
            assertThat(report.differences())
                    .anySatisfy(one -> assertThat(one.row()).contains("account 2"))
                    .anySatisfy(one -> assertThat(one.row()).contains("account 3"))
                    .allSatisfy(one -> assertThat(one.detail()).contains("bytes #"));
            assertThat(report.toString()).doesNotContain("987654", "planted", "topsecret", "2.50");
            assertThat(rig.ask(Side.SOURCE, "SELECT GROUP_CONCAT(detail) FROM dualwrite_read_difference"))
                    .doesNotContain("987654", "planted", "topsecret", "2.50");

            ReadReport.Repair repair = node.dualWrite().repairReads();
            assertThat(repair.queued()).isEqualTo(2);
            assertThat(repair.untold()).isEmpty();
            eventually()
                    .until(
                            "mended",
                            () -> rig.ask(Side.TARGET, "SELECT owner FROM account WHERE id = 2")
                                    .equals("topsecret"));
            assertThat(gate(node)).isPresent();
            assertThat(node.dualWrite().compareAnew()).isEqualTo(2);
            assertThat(gate(node).orElseThrow()).contains("no read was compared yet");
            assertThat(compared(node, 5, ONE, 2).different()).isZero();
            assertThat(compared(node, 5, ALL).different()).isZero();
            assertThat(gate(node)).isEmpty();
            rig.finish();
        }
    }

    @Test
    @Requirement(369)
    void theGateAddsUpAllInstancesAndAShapeThatIsRareIsWaived() throws Exception {
        String rare = "SELECT owner FROM account WHERE id = ?";
        try (Rig rig = Rig.shared()) {
            ReadComparison how = ReadComparison.standard().withMinimum(6).withPercent(0);
            Node one = shadowing(rig, how);
            Node two = rig.node("two", b -> b.readComparison(how)).start();
            assertThat(gate(one).orElseThrow()).contains("no read was compared yet");
            eventually().until("both compare", () -> {
                read(one, rare, 1);
                read(two, rare, 1);
                return figure(one, "sampled") > 0 && figure(two, "sampled") > 0;
            });
            one.dualWrite().compareAnew();
            eventually().until("the other instance has heard of the new run, and both have compared", () -> {
                read(one, ONE, 1);
                read(two, ONE, 1);
                ReadReport.Shape shape = shape(one, ONE).orElse(null);
                return shape != null && shape.compared() >= 12;
            });
            // each compares the minimum, whoever else did, and then nothing more
            assertThat(shape(two, ONE).orElseThrow().compared()).isEqualTo(12);
            assertThat(gate(one)).isEmpty();

            read(one, rare, 1);
            eventually()
                    .until(
                            "one comparison",
                            () -> shape(one, rare)
                                    .filter(shape -> shape.compared() == 1)
                                    .isPresent());
            assertThat(gate(one).orElseThrow()).contains("fewer than 6 times: 1 of 1: " + rare);
            String id = shape(one, rare).orElseThrow().id();
            assertThatThrownBy(() -> one.dualWrite().waiveReads("nothing", "a test"))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageStartingWith("DW-5019");
            one.dualWrite().waiveReads(id, "asked once a year");
            assertThat(gate(two)).isEmpty();
            assertThat(shape(two, rare).orElseThrow().waived()).isTrue();
            assertThat(one.dualWrite().audit(100))
                    .anySatisfy(line -> assertThat(line).contains("reads-waived", "asked once a year"));
            assertThatThrownBy(() -> ReadComparison.standard().withPercent(101)).hasMessageStartingWith("DW-1017");
            Rig.enter(one.dualWrite(), Phase.TARGET_READ);
            rig.finish();
        }
    }

    private static void answers(
            int expected, DualWrite dualWrite, String name, Callable<Integer> control, Callable<Integer> candidate)
            throws Exception {
        Integer answer = dualWrite.compare(name, control, candidate, Integer::equals);
        assertThat(answer).isEqualTo(expected);
    }

    @Test
    @Scenario(96)
    @Requirement(319)
    void objectsAreComparedWithoutTheirCallerAndNoiseIsNoDifference() throws Exception {
        String random = "SELECT id, RAND() AS r FROM account";
        try (Rig rig = Rig.shared()) {
            Node node =
                    shadowing(rig, ReadComparison.standard().withMinimum(1_000).comparing(random));
            DualWrite dualWrite = node.dualWrite();
            assertThatThrownBy(() -> dualWrite.compare(
                            "fails",
                            () -> {
                                throw new IllegalStateException("of the control");
                            },
                            () -> 1,
                            Object::equals))
                    .hasMessage("of the control");
            eventually().until("objects", () -> {
                answers(7, dualWrite, "equal", () -> 7, () -> 7);
                answers(7, dualWrite, "unequal", () -> 7, () -> 8);
                read(node, random);
                AtomicInteger times = new AtomicInteger();
                answers(1, dualWrite, "noisy", times::incrementAndGet, () -> -1);
                return counted(node, "(object) equal", ReadReport.Shape::matched) > 0
                        && counted(node, "(object) unequal", ReadReport.Shape::different) > 0
                        && counted(node, "(object) noisy", ReadReport.Shape::unsettled) > 0
                        && counted(node, random, ReadReport.Shape::noise) > 2
                        && counted(node, random, ReadReport.Shape::unsettled) > 0;
            });
            assertThat(counted(node, random, ReadReport.Shape::different)).isZero();
            assertThat(shape(node, "(object) noisy").orElseThrow().different()).isZero();
            eventually().until("a candidate that throws", () -> {
                answers(7, dualWrite, "throws", () -> 7, () -> {
                    throw new IllegalStateException("of the candidate");
                });
                return shape(node, "(object) throws")
                        .filter(one -> one.candidateErrors() > 0)
                        .isPresent();
            });
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch hangs = new CountDownLatch(1);
            Callable<Integer> hanging = () -> {
                entered.countDown();
                hangs.await();
                return 7;
            };
            eventually().until("a candidate hangs", () -> {
                answers(7, dualWrite, "hangs", () -> 7, hanging);
                return entered.getCount() == 0;
            });
            double before = figure(node, "dropped");
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
                for (int i = 0; i < 100; i++) {
                    answers(7, dualWrite, "hangs", () -> 7, hanging);
                }
            });
            assertThat(figure(node, "dropped")).isGreaterThan(before + 20);
            assertThat(compared(node, 3, ONE, 1).matched()).isPositive();
            hangs.countDown();
            rig.finish();
        }
    }
}
