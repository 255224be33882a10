package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.ServerFault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values of a secondary unique key that wander between rows. Nothing is parked, nothing of others is lost. */
@Scenario(48)
class UniqueHandoverIT {

    private static Node with(Rig rig, int rows) throws Exception {
        Node node = rig.node("one").start();
        for (int i = 1; i <= rows; i++) {
            node.write("INSERT INTO account VALUES (" + i + ", 'row', 0, " + i + ")");
        }
        Rig.readyToFlip(node.dualWrite());
        return node;
    }

    private static void slots(Rig rig, int... slots) {
        for (int i = 0; i < slots.length; i++) {
            rig.log().claim("slot of " + (i + 1), "SELECT slot FROM account WHERE id = " + (i + 1), slots[i]);
        }
    }

    @Test
    @DisplayName("handed over and swapped, in one transaction")
    void aValueIsHandedOverAndSwappedInOneTransaction() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = with(rig, 4);
            node.transaction("UPDATE account SET slot = NULL WHERE id = 1", "UPDATE account SET slot = 1 WHERE id = 2");
            node.transaction(
                    "UPDATE account SET slot = -1 WHERE id = 3",
                    "UPDATE account SET slot = 3 WHERE id = 4",
                    "UPDATE account SET slot = 4 WHERE id = 3");
            rig.log().claim("slot of 1", "SELECT slot FROM account WHERE id = 1", "null");
            rig.log().claim("slot of 2", "SELECT slot FROM account WHERE id = 2", 1);
            rig.log().claim("slot of 3", "SELECT slot FROM account WHERE id = 3", 4);
            rig.log().claim("slot of 4", "SELECT slot FROM account WHERE id = 4", 3);
            rig.finish();
        }
    }

    @Test
    @DisplayName("swapped in several transactions, converged only in the end")
    void aValueIsSwappedInSeveralTransactions() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = with(rig, 2);
            node.dualWrite().kill(true);
            node.write("UPDATE account SET slot = NULL WHERE id = 1");
            node.write("UPDATE account SET slot = 1 WHERE id = 2");
            node.write("UPDATE account SET slot = 2 WHERE id = 1");
            node.dualWrite().kill(false);
            slots(rig, 2, 1);
            rig.finish();
        }
    }

    @Test
    @DisplayName("only one half of the swap is in the queue: the other unit is found by the value it holds")
    void theOtherUnitOfASwapIsFoundByItsValue() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = with(rig, 2);
            node.dualWrite().kill(true);
            node.transaction(
                    "UPDATE account SET slot = NULL WHERE id = 1",
                    "UPDATE account SET slot = 1 WHERE id = 2",
                    "UPDATE account SET slot = 2 WHERE id = 1");
            try (Bypass source = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
                source.write("CREATE TABLE kept AS SELECT * FROM dualwrite_intent ORDER BY id LIMIT 1");
                source.write("DELETE FROM dualwrite_intent WHERE id = (SELECT id FROM kept)");
                node.dualWrite().kill(false);
                Eventually.eventually().until("drained", () -> rig.queued(Side.SOURCE) == 0);
                assertThat(rig.ask(Side.TARGET, "SELECT slot FROM account WHERE id = 2"))
                        .isEqualTo("1");
                source.write("INSERT INTO dualwrite_intent SELECT * FROM kept");
            }
            slots(rig, 2, 1);
            rig.finish();
        }
    }

    @Test
    @DisplayName("a cycle of three, and a rotation of forty, each in one transaction")
    void cyclesConverge() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = with(rig, 43);
            node.transaction(
                    "UPDATE account SET slot = NULL WHERE id = 1",
                    "UPDATE account SET slot = 1 WHERE id = 3",
                    "UPDATE account SET slot = 3 WHERE id = 2",
                    "UPDATE account SET slot = 2 WHERE id = 1");
            List<String> rotate = new ArrayList<>();
            rotate.add("UPDATE account SET slot = NULL WHERE id = 43");
            for (int id = 42; id >= 4; id--) {
                rotate.add("UPDATE account SET slot = " + (id + 1) + " WHERE id = " + id);
            }
            rotate.add("UPDATE account SET slot = 4 WHERE id = 43");
            node.transaction(rotate.toArray(new String[0]));
            slots(rig, 2, 3, 1, 5, 6);
            rig.finish();
        }
    }

    @Scenario(50)
    @Test
    @DisplayName("a chain of thirty beside a row that the follower refuses: only that row is parked")
    void aChainConvergesBesideAPoisonedRow() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = with(rig, 31);
            ServerFault poison = rig.refusing(Side.TARGET, "account", "NEW.id = 1000");
            node.dualWrite().kill(true);
            node.write("INSERT INTO account VALUES (1000, 'poison', 0, NULL)");
            for (int id = 31; id >= 1; id--) {
                node.write("UPDATE account SET slot = " + (id + 1) + " WHERE id = " + id);
            }
            node.dualWrite().kill(false);
            Eventually.eventually()
                    .until("one is parked", () -> node.dualWrite().parked(10).size() == 1);
            Eventually.eventually().until("drained", () -> rig.queued(Side.SOURCE) == 0);
            assertThat(node.dualWrite().parked(10))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("account 1000:");
            poison.close();
            assertThat(node.dualWrite().unpark()).isEqualTo(1);
            slots(rig, 2, 3, 4, 5);
            rig.log().present("account", "id", 1000);
            rig.finish();
        }
    }

    @Scenario(50)
    @Test
    @DisplayName("a swap and a refused row among two hundred changes cost a few transactions, not two hundred")
    void aClashDoesNotTakeAPageApart() throws Exception {
        try (Rig rig = Rig.shared()) {
            Stops stops = new Stops();
            Node node = rig.node("one", b -> b.seams(stops).workers(1)).start();
            StringBuilder rows = new StringBuilder("INSERT INTO account VALUES (1, 'row', 0, 1)");
            for (int i = 2; i <= 200; i++) {
                rows.append(", (").append(i).append(", 'row', 0, ").append(i).append(')');
            }
            node.write(rows.toString());
            Rig.readyToFlip(node.dualWrite());
            ServerFault poison = rig.refusing(Side.TARGET, "account", "NEW.id = 1000");
            node.dualWrite().kill(true);
            node.write("UPDATE account SET balance = 5");
            node.transaction(
                    "UPDATE account SET slot = NULL WHERE id = 1",
                    "UPDATE account SET slot = 1 WHERE id = 2",
                    "UPDATE account SET slot = 2 WHERE id = 1");
            node.write("INSERT INTO account VALUES (1000, 'poison', 0, NULL)");
            long before = stops.passed("afterLanesLocked");
            node.dualWrite().kill(false);
            Eventually.eventually()
                    .until("one is parked", () -> node.dualWrite().parked(10).size() == 1);
            Eventually.eventually().until("drained", () -> rig.queued(Side.SOURCE) == 0);
            assertThat(stops.passed("afterLanesLocked") - before)
                    .as("transactions on the follower, those that it refused included")
                    .isLessThan(60);
            poison.close();
            assertThat(node.dualWrite().unpark()).isEqualTo(1);
            slots(rig, 2, 1, 3);
            rig.log().present("account", "id", 1000);
            rig.finish();
        }
    }

    @Test
    @DisplayName("a row that the follower has too many holds the value, and no intent names it")
    void anExtraRowThatHoldsTheValueMakesWay() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = with(rig, 3);
            try (Bypass rogue = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                rogue.write("INSERT INTO account VALUES (500, 'extra', 0, 77), (501, 'extra', 0, 78)");
                rogue.write("UPDATE account SET slot = 79 WHERE id = 3");
            }
            node.write("UPDATE account SET slot = 77 WHERE id = 1");
            node.write("INSERT INTO account VALUES (4, 'new', 0, 78)");
            node.write("UPDATE account SET slot = 79 WHERE id = 2");
            Eventually.eventually().until("drained", () -> rig.queued(Side.SOURCE) == 0);
            slots(rig, 77, 79, 3);
            rig.log().present("account", "id", 4);
            rig.finish();
        }
    }

    @Test
    @DisplayName("values wander at random, under two instances; nothing is parked")
    void randomPermutationsUnderTwoInstances() throws Exception {
        long seed = Long.getLong("dualwrite.seed", System.nanoTime());
        System.out.println("-Ddualwrite.seed=" + seed);
        try (Rig rig = Rig.shared()) {
            Node one = with(rig, 30);
            Node two = rig.node("two").start();
            AtomicBoolean stop = new AtomicBoolean();
            List<Background<Integer>> writers = new ArrayList<>();
            for (Node node : List.of(one, two)) {
                int first = writers.size() * 15 + 1;
                Random random = new Random(seed + first);
                writers.add(Background.run(() -> {
                    int done = 0;
                    while (!stop.get() && done < 60) {
                        List<Integer> ids = new ArrayList<>();
                        for (int id = first; id < first + 15; id++) {
                            ids.add(id);
                        }
                        Collections.shuffle(ids, random);
                        List<Integer> some = ids.subList(0, 2 + random.nextInt(5));
                        List<String> statements = new ArrayList<>();
                        List<String> slots = new ArrayList<>();
                        for (int id : some) {
                            slots.add(rig.ask(Side.SOURCE, "SELECT slot FROM account WHERE id = " + id));
                            statements.add("UPDATE account SET slot = NULL WHERE id = " + id);
                        }
                        Collections.rotate(slots, 1);
                        for (int i = 0; i < some.size(); i++) {
                            statements.add("UPDATE account SET slot = " + slots.get(i) + " WHERE id = " + some.get(i));
                        }
                        Background.unlessDeadlock(() -> node.transaction(statements.toArray(new String[0])));
                        done++;
                    }
                    return done;
                }));
            }
            try {
                for (Background<Integer> writer : writers) {
                    assertThat(writer.result()).isPositive();
                }
            } finally {
                stop.set(true);
            }
            assertThat(one.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            Eventually.eventually().until("drained", () -> rig.queued(Side.SOURCE) == 0);
            Rig.verify(one.dualWrite());
            rig.finish();
        }
    }
}
