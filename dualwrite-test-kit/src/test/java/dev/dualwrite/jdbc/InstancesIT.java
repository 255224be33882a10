package dev.dualwrite.jdbc;

import static dev.dualwrite.testkit.fault.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Cohort;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.ChildJvm;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Instances know of each other, name who disagrees, and each can say who owns. */
class InstancesIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static Map<String, DualWrite.Instance> instances(Node node) {
        return node.dualWrite().instances().stream()
                .collect(Collectors.toMap(DualWrite.Instance::name, Function.identity()));
    }

    private static DualWrite.Instance instance(Node node, String name) {
        DualWrite.Instance found = instances(node).get(name);
        if (found == null) {
            throw new AssertionError("there is no instance " + name + " among " + instances(node));
        }
        return found;
    }

    private static String agree(Node node) {
        return node.dualWrite().gate(Phase.SHADOW_READ).checks().stream()
                .filter(check -> check.name().equals("instances-agree"))
                .map(check -> check.passed() + " " + check.detail())
                .collect(Collectors.joining());
    }

    @Scenario(72)
    @Requirement({36, 41, 59, 70, 86})
    @Test
    void anInstanceThatVanishesClosesTheGateByNameUntilItExpiresOrIsExcluded() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node patient = rig.node(
                            "patient",
                            b -> b.heartbeatTimeout(Duration.ofSeconds(2)).instanceExpiry(Duration.ofHours(1)))
                    .start();
            Node hasty = rig.node(
                            "hasty",
                            b -> b.heartbeatTimeout(Duration.ofSeconds(2)).instanceExpiry(Duration.ofSeconds(2)))
                    .start();
            Rig.enter(patient.dualWrite(), Phase.DUAL_WRITE);
            patient.write("INSERT INTO account VALUES (1, 'one', 1, NULL)");
            rig.log().present("account", "id", 1);
            try (ChildJvm child = ChildJvm.of(HaltingInstance.class)
                    .arguments(
                            HaltingInstance.Place.AFTER_OWNER_COMMIT.name(),
                            rig.migration(),
                            rig.proxy(Side.SOURCE)
                                    .jdbcUrl(rig.schema(Side.SOURCE).name()),
                            rig.proxy(Side.TARGET)
                                    .jdbcUrl(rig.schema(Side.TARGET).name()),
                            String.join(",", rig.tables()),
                            "INSERT INTO account VALUES (2, 'two', 2, NULL)")
                    .start()) {
                assertThat(child.exitCode(LONG)).as(child::output).isEqualTo(HaltingInstance.HALTED);
            }
            rig.log().present("account", "id", 2);

            eventually()
                    .untilAsserted(() -> assertThat(agree(patient))
                            .contains("false halting has been silent for", "excludeInstance"));
            assertThat(instance(patient, "halting").presence()).isEqualTo(DualWrite.Presence.SILENT);
            // by the clock of the database alone
            assertThat(instance(hasty, "halting").presence()).isEqualTo(DualWrite.Presence.EXPIRED);
            assertThat(agree(hasty)).startsWith("true");
            assertThatThrownBy(() -> patient.dualWrite().excludeInstance("hasty", "a mistake"))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-5028");
            assertThatThrownBy(() -> patient.dualWrite().excludeInstance("nobody", "a mistake"))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-5028");
            assertThat(agree(patient)).startsWith("false");

            patient.dualWrite().excludeInstance("halting", "its machine is gone");
            assertThat(instances(patient).get("halting"))
                    .satisfies(one -> assertThat(one.presence()).isEqualTo(DualWrite.Presence.EXCLUDED))
                    .satisfies(one -> assertThat(one.excluded()).contains("patient: its machine is gone"));
            assertThat(patient.dualWrite().audit(100))
                    .anyMatch(line -> line.contains("instance excluded by patient halting: its machine is gone"));
            assertThat(agree(patient)).startsWith("true").contains("no change was captured", "hasty");

            eventually()
                    .untilAsserted(() -> assertThat(instances(hasty).get("patient"))
                            .satisfies(one -> assertThat(one.presence()).isEqualTo(DualWrite.Presence.ALIVE))
                            .satisfies(one -> assertThat(one.writes()).isEqualTo(1))
                            .satisfies(one -> assertThat(one.cohortFunction()).isEqualTo(Cohort.FUNCTION))
                            .satisfies(one -> assertThat(one.version()).isEqualTo("0.1.0"))
                            .satisfies(one -> assertThat(one.clockAhead().abs()).isLessThan(Duration.ofSeconds(1)))
                            .satisfies(one -> assertThat(one.configuration())
                                    .isEqualTo(instance(hasty, "hasty").configuration())));
            // it was not gone after all
            Node again = rig.node("halting", b -> b.heartbeatTimeout(Duration.ofSeconds(2)))
                    .start();
            eventually()
                    .untilAsserted(() -> assertThat(instances(patient).get("halting"))
                            .satisfies(one -> assertThat(one.presence()).isEqualTo(DualWrite.Presence.ALIVE))
                            .satisfies(one -> assertThat(one.excluded()).isEmpty()));
            again.close();
            assertThat(instances(patient)).as("signed off").doesNotContainKey("halting");
            assertThat(patient.dualWrite().backfill().complete()).isTrue();
            rig.finish();
        }
    }

    private static void phase(Rig rig, String phase) throws SQLException {
        rig.schema(Side.SOURCE)
                .execute("UPDATE dualwrite_fence SET phase = '" + phase
                        + "', epoch = epoch + 1 WHERE side = 'SOURCE' AND state = 'OPEN'");
    }

    @Scenario({61, 70})
    @Requirement({55, 161})
    @Test
    void aPhaseThatThisVersionDoesNotKnowLetsNothingPassAndIsNamed() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            node.write("INSERT INTO account VALUES (1, 'before', 1, NULL)");
            rig.log().present("account", "id", 1);
            phase(rig, "FAR_AHEAD");
            refuses(() -> node.write("INSERT INTO account VALUES (2, 'autocommit', 1, NULL)"));
            refuses(() -> node.write("UPDATE account SET balance = 9 WHERE id = 1"));
            refuses(() -> node.transaction(
                    "INSERT INTO account VALUES (3, 'a transaction', 1, NULL)",
                    "INSERT INTO account VALUES (4, 'a transaction', 1, NULL)"));
            rig.log().absent("account", "id", 2);
            rig.log().absent("account", "id", 3);
            rig.log().absent("account", "id", 4);
            eventually()
                    .untilAsserted(
                            () -> assertThat(node.dualWrite().status().sides().get(Side.SOURCE))
                                    .contains("DW-3015", "FAR_AHEAD"));
            assertThatThrownBy(() -> node.dualWrite().gate(Phase.REVERSE_WINDOW))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-3015");
            Node late = rig.node("late").start();
            refuses(() -> late.write("INSERT INTO account VALUES (5, 'started then', 1, NULL)"));
            rig.log().absent("account", "id", 5);
            assertThat(rig.ask(Side.SOURCE, "SELECT phase FROM dualwrite_fence WHERE side = 'SOURCE'"))
                    .isEqualTo("FAR_AHEAD");
            phase(rig, "DUAL_WRITE");
            for (Node each : List.of(node, late)) {
                each.write("UPDATE account SET balance = balance + 1 WHERE id = 1");
            }
            rig.log().claim("goes on", "SELECT balance FROM account WHERE id = 1", "3.00");
            rig.finish();
        }
    }

    /** Something that is to be refused. */
    @FunctionalInterface
    private interface Write {
        void run() throws SQLException;
    }

    private static void refuses(Write write) {
        assertThatThrownBy(write::run)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("DW-3015")
                .hasMessageContaining("FAR_AHEAD");
    }

    @Scenario(65)
    @Test
    void anInstanceThatStartsWhileTheOwnerIsFrozenOrUnreachableWritesNothingUntilItIsNot() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node first = rig.node("first").start();
            Rig.readyToFlip(first.dualWrite());
            rig.schema(Side.SOURCE)
                    .execute("UPDATE dualwrite_fence SET state = 'FROZEN', epoch = epoch + 1, attempt = UUID(),"
                            + " frozen_at = UTC_TIMESTAMP(6), budget_micros = 3600000000 WHERE side = 'SOURCE'");
            Node frozen = rig.node("frozen", b -> b.freezeWait(Duration.ZERO)).start();
            assertThatThrownBy(() -> frozen.write("INSERT INTO account VALUES (1, 'in the freeze', 1, NULL)"))
                    .isInstanceOfSatisfying(
                            OwnershipException.class, e -> assertThat(e.code()).isEqualTo("DW-3001"));
            rig.log().absent("account", "id", 1);
            assertThat(frozen.dualWrite().ownerOf("account", 1))
                    .satisfies(owner -> assertThat(owner.side()).isEqualTo(Side.SOURCE))
                    .satisfies(owner -> assertThat(owner.state()).isEqualTo(FenceState.FROZEN));
            rig.schema(Side.SOURCE)
                    .execute("UPDATE dualwrite_fence SET state = 'OPEN', epoch = epoch + 1, attempt = UUID(),"
                            + " frozen_at = NULL WHERE side = 'SOURCE'");
            eventually()
                    .until(
                            "it is heard of",
                            () -> frozen.dualWrite().ownerOf("account", 1).state() == FenceState.OPEN);
            frozen.write("INSERT INTO account VALUES (2, 'after it', 1, NULL)");
            rig.log().present("account", "id", 2);
            eventually().until("it is converged", () -> rig.queued(Side.SOURCE) == 0);

            rig.proxy(Side.SOURCE).down();
            Node alone = rig.node("alone").start();
            assertThatThrownBy(() -> alone.write("INSERT INTO account VALUES (3, 'nobody owns', 1, NULL)"))
                    .isInstanceOf(SQLException.class);
            rig.log().absent("account", "id", 3);
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM account")).isEqualTo("1");
            rig.proxy(Side.SOURCE).pass();
            eventually().until("it is there", () -> alone.write("UPDATE account SET balance = 5 WHERE id = 2") == 1);
            rig.log().claim("written", "SELECT balance FROM account WHERE id = 2", "5.00");
            rig.finish();
        }
    }

    /** What a listener was told. */
    private static final class Told implements OwnerListener {
        private final Queue<Side> owners = new ConcurrentLinkedQueue<>();
        private final Queue<Long> epochs = new ConcurrentLinkedQueue<>();

        @Override
        public void ownerChanged(Set<String> tables, Side owner, long epoch) {
            assertThat(tables).contains("account", "entry");
            owners.add(owner);
            epochs.add(epoch);
        }
    }

    @Requirement({86, 252})
    @Test
    void everyInstanceSaysWhoOwnsAndTellsOfEachChangeOnce() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", b -> b.flipBudget(Duration.ofSeconds(5))).start();
            Node two = rig.node("two").start();
            Rig.readyToFlip(one.dualWrite());
            Told first = new Told();
            Told second = new Told();
            one.dualWrite().onOwnerChanged(first);
            two.dualWrite().onOwnerChanged((tables, owner, epoch) -> {
                throw new IllegalStateException("planted");
            });
            two.dualWrite().onOwnerChanged(second);
            Rig.flipInSomeTries(one.dualWrite()::flip);
            awaitOwner(one, Side.TARGET);
            awaitOwner(two, Side.TARGET);
            assertThat(two.dualWrite().ownerOf("ACCOUNT").age()).isLessThan(Duration.ofSeconds(5));
            assertThat(two.dualWrite().ownerOf("elsewhere", "key"))
                    .satisfies(owner -> assertThat(owner.side()).isEqualTo(Side.SOURCE))
                    .satisfies(owner -> assertThat(owner.age()).isZero());
            Node three = rig.node("three").start();
            Told late = new Told();
            three.dualWrite().onOwnerChanged(late);
            Rig.flipInSomeTries(one.dualWrite()::rollBack);
            for (Node each : List.of(one, two, three)) {
                awaitOwner(each, Side.SOURCE);
            }
            eventually().untilAsserted(() -> {
                assertThat(first.owners).containsExactly(Side.SOURCE, Side.TARGET, Side.SOURCE);
                assertThat(second.owners).containsExactly(Side.SOURCE, Side.TARGET, Side.SOURCE);
                assertThat(late.owners).containsExactly(Side.TARGET, Side.SOURCE);
            });
            assertThat(List.copyOf(first.epochs)).isSorted();
            rig.finish();
        }
    }

    private static void awaitOwner(Node node, Side side) {
        eventually()
                .until(
                        node.name() + " says that " + side + " owns",
                        () -> node.dualWrite().ownerOf("entry", 1).side() == side
                                && node.dualWrite().ownerOf("entry", 1).state() == FenceState.OPEN);
    }
}
