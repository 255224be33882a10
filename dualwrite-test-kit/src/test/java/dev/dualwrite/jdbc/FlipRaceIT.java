package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Flips under load, and flips against each other. */
class FlipRaceIT {

    /** #68 */
    @Test
    void ofTwoOperatorsOneWinsAndTheOtherIsToldWhy() throws Exception {
        long seed = Long.getLong("dualwrite.seed", System.nanoTime());
        System.out.println("seed " + seed + ", repeat with -Ddualwrite.seed=" + seed);
        Random random = new Random(seed);
        try (Rig rig = Rig.shared()) {
            Node one =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(10))).start();
            Node two =
                    rig.node("two", b -> b.flipBudget(Duration.ofSeconds(10))).start();
            one.write("INSERT INTO account VALUES (1, 'someone', 0, NULL)");
            Rig.readyToFlip(one.dualWrite());
            int contested = 0;
            int written = 0;
            try (OneOwner oneOwner = OneOwner.watch(rig)) {
                for (int round = 0; round < 40; round++) {
                    Side owner = settled(rig, one, two);
                    one.write("UPDATE account SET balance = balance + 1 WHERE id = 1");
                    written++;
                    boolean same = random.nextInt(4) > 0;
                    CyclicBarrier start = new CyclicBarrier(2);
                    Background<FlipOutcome> a = Background.run(() -> {
                        start.await(30, TimeUnit.SECONDS);
                        return owner == Side.SOURCE
                                ? one.dualWrite().flip()
                                : one.dualWrite().rollBack();
                    });
                    Background<FlipOutcome> b = Background.run(() -> {
                        start.await(30, TimeUnit.SECONDS);
                        return same == (owner == Side.SOURCE)
                                ? two.dualWrite().flip()
                                : two.dualWrite().rollBack();
                    });
                    List<FlipOutcome> outcomes = List.of(a.result(), b.result());
                    long won = outcomes.stream()
                            .filter(FlipOutcome.Flipped.class::isInstance)
                            .count();
                    for (FlipOutcome outcome : outcomes) {
                        reasoned(outcome);
                    }
                    Side now = settled(rig, one, two);
                    assertThat(now).as("round %s: %s", round, outcomes).isEqualTo(won % 2 == 1 ? owner.other() : owner);
                    if (same) {
                        assertThat(won).as("round %s: %s", round, outcomes).isEqualTo(1);
                        contested++;
                    }
                    oneOwner.check();
                }
            }
            assertThat(contested).isPositive();
            rig.log().claim("balance", "SELECT CAST(balance AS SIGNED) FROM account WHERE id = 1", written);
            rig.finish();
        }
    }

    private static void reasoned(FlipOutcome outcome) {
        if (outcome instanceof FlipOutcome.Refused refused) {
            assertThat(refused.report().failed())
                    .isNotEmpty()
                    .allSatisfy(check -> assertThat(check.detail()).isNotBlank());
        } else if (outcome instanceof FlipOutcome.GaveUp gaveUp) {
            assertThat(gaveUp.reasons()).isNotEmpty();
        } else {
            assertThat(outcome).isInstanceOf(FlipOutcome.Flipped.class);
        }
    }

    private static Side settled(Rig rig, Node... nodes) {
        return Eventually.eventually()
                .value(
                        () -> {
                            for (Side side : Side.values()) {
                                if (rig.state(side).equals("OPEN")
                                        && rig.state(side.other()).equals("CLOSED")
                                        && acknowledged(rig, side, nodes)) {
                                    return Optional.of(side);
                                }
                            }
                            return Optional.empty();
                        },
                        () -> "nobody owns");
    }

    private static boolean acknowledged(Rig rig, Side owner, Node... nodes) throws SQLException {
        String behind = rig.ask(
                owner,
                "SELECT COUNT(*) FROM dualwrite_instance i JOIN dualwrite_fence f ON f.side = '" + owner
                        + "' WHERE i.epoch < f.epoch");
        for (Node node : nodes) {
            if (node.dualWrite().ownership().owner() != owner) {
                return false;
            }
        }
        return behind.equals("0");
    }

    /** #76, #88 */
    @Test
    void underLoadOnTwoInstancesNothingIsLostDoubledOrMisplacedThereAndBack() throws Exception {
        Duration budget = Duration.ofSeconds(3);
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", b -> b.flipBudget(budget)).start();
            Node two = rig.node("two", b -> b.flipBudget(budget)).start();
            Rig.readyToFlip(one.dualWrite());
            StringBuilder stalls = new StringBuilder();
            try (OneOwner oneOwner = OneOwner.watch(rig);
                    Writers first = Writers.start(rig, one, 8, 100, Duration.ofMillis(40));
                    Writers second = Writers.start(rig, two, 8, 200, Duration.ofMillis(40))) {
                for (int turn = 0; turn < 2; turn++) {
                    first.awaitEach(Duration.ofSeconds(60));
                    second.awaitEach(Duration.ofSeconds(60));
                    FlipOutcome.Flipped there = Rig.flipInSomeTries(one.dualWrite()::flip);
                    first.awaitEach(Duration.ofSeconds(60));
                    second.awaitEach(Duration.ofSeconds(60));
                    FlipOutcome.Flipped back = Rig.flipInSomeTries(two.dualWrite()::rollBack);
                    stalls.append(' ')
                            .append(there.stall().toMillis())
                            .append('/')
                            .append(back.stall().toMillis());
                    for (FlipOutcome.Flipped flipped : List.of(there, back)) {
                        assertThat(flipped.stall()).isPositive().isLessThan(budget.plusSeconds(10));
                        assertThat(flipped.unacknowledged()).isEmpty();
                    }
                    assertThat(back.epoch()).isGreaterThan(there.epoch());
                }
                first.awaitEach(Duration.ofSeconds(60));
                second.awaitEach(Duration.ofSeconds(60));
                first.end();
                second.end();
                System.out.println("stalls there/back in ms" + stalls + "; the longest that a caller waited: "
                        + Math.max(first.longest().toMillis(), second.longest().toMillis()) + " ms; "
                        + (first.acknowledged() + second.acknowledged()) + " acknowledged, "
                        + (first.retries() + second.retries()) + " told 40001");
                oneOwner.check();
            }
            rig.finish();
        }
    }

    /** #80, #88: handed out by a commit, by a rollback, or put explicitly: never handed out again. */
    @Test
    void generatedIdsAfterAFlipAndARollbackLieAboveAllThatWereEverHandedOut() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.idMargin(100).flipBudget(Duration.ofSeconds(5)))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            long highest = 0;
            for (int turn = 0; turn < 4; turn++) {
                for (int i = 0; i < 5; i++) {
                    long id = insert(rig, node, true, null);
                    assertThat(id).as("turn %s", turn).isGreaterThan(highest);
                    highest = id;
                }
                for (int i = 0; i < 300; i++) {
                    highest = Math.max(highest, insert(rig, node, false, null));
                }
                insert(rig, node, false, highest + 5_000);
                highest += 5_000;
                if (turn % 2 == 0) {
                    highest = insert(rig, node, true, highest + 7_000);
                }
                Rig.flipInSomeTries(turn % 2 == 0 ? node.dualWrite()::flip : node.dualWrite()::rollBack);
            }
            assertThat(insert(rig, node, true, null)).isGreaterThan(highest);
            rig.finish();
        }
    }

    /** Inserts, and commits or rolls back; the id that the row got. */
    private static long insert(Rig rig, Node node, boolean commit, @Nullable Long explicit) throws SQLException {
        try (Connection connection = node.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            long id = explicit == null ? 0 : explicit;
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO entry (id, account, amount, note) VALUES (" + explicit + ", 1, 1, 'id')",
                    Statement.RETURN_GENERATED_KEYS)) {
                insert.executeUpdate();
                if (explicit == null) {
                    try (ResultSet key = insert.getGeneratedKeys()) {
                        assertThat(key.next()).isTrue();
                        id = key.getLong(1);
                    }
                }
            }
            if (commit) {
                connection.commit();
                rig.log().present("entry", "id", id);
            } else {
                connection.rollback();
                rig.log().absent("entry", "id", id);
            }
            connection.setAutoCommit(true);
            return id;
        }
    }
}
