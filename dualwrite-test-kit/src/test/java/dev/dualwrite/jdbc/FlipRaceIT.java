package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.Writers.Piece;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Flips under load, and flips against each other. */
class FlipRaceIT {

    private static final int ROUNDS = 200;

    /** Pairs of operators at a time, each with a migration of its own: a round waits more than it works. */
    private static final int PAIRS = 4;

    private static final int ROWS = 25;

    /** That a flip is given time for; how much it needs is not judged. */
    private static final Duration BUDGET = Duration.ofSeconds(10);

    /** How late a thread may wake up on a small machine. */
    private static final Duration COARSE = Duration.ofSeconds(1);

    @Scenario(68)
    @Requirement(136)
    @Test
    void ofTwoOperatorsOneWinsAndTheOtherIsToldWhyInAHundredAndFiftyRounds() throws Exception {
        long seed = Long.getLong("dualwrite.seed", System.nanoTime());
        System.out.println("seed " + seed + ", repeat with -Ddualwrite.seed=" + seed);
        List<Background<Integer>> pairs = new ArrayList<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            Random random = new Random(seed + pair);
            String entry = Rig.ENTRY.replace("TABLE entry", "TABLE entry_" + pair);
            pairs.add(Background.run(() -> contested(random, ROUNDS / PAIRS, entry)));
        }
        int contested = 0;
        for (Background<Integer> pair : pairs) {
            contested += pair.result(Duration.ofMinutes(4));
        }
        assertThat(contested).isPositive();
    }

    /** Two operators against each other; in how many of the rounds both wanted the same. */
    private static int contested(Random random, int rounds, String entry) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, entry)) {
            Node one =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(10))).start();
            Node two =
                    rig.node("two", b -> b.flipBudget(Duration.ofSeconds(10))).start();
            one.write("INSERT INTO account VALUES (1, 'someone', 0, NULL)");
            Rig.readyToFlip(one.dualWrite());
            int contested = 0;
            int written = 0;
            try (OneOwner oneOwner = OneOwner.watch(rig)) {
                for (int round = 0; round < rounds; round++) {
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
            rig.log().claim("balance", "SELECT CAST(balance AS SIGNED) FROM account WHERE id = 1", written);
            rig.finish();
            return contested;
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

    /**
     * Lets writers go as fast as converging and verifying follow. On a machine that is full they would outrun them without end, and then
     * no flip begins, which is another test.
     */
    private static final class Pace implements AutoCloseable {
        private static final int QUEUE = 2_000;

        private final Rig rig;
        private final List<Writers> all;
        private final Thread thread = new Thread(this::run, "pace");
        private volatile boolean ended;

        Pace(Rig rig, Writers... all) {
            this.rig = rig;
            this.all = List.of(all);
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            long micros = 0;
            while (!ended) {
                long queued;
                try {
                    queued = intents(rig, Side.SOURCE) + intents(rig, Side.TARGET);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                micros = queued > QUEUE ? Math.min(200_000, Math.max(1_000, micros * 2)) : micros / 2;
                for (Writers writers : all) {
                    writers.pause(Duration.of(micros, ChronoUnit.MICROS));
                }
                LockSupport.parkNanos(20_000_000);
            }
        }

        /** All of them: what is converged and marked has to be verified before a flip, too. */
        private static long intents(Rig rig, Side side) throws SQLException {
            return Long.parseLong(rig.ask(side, "SELECT COUNT(*) FROM dualwrite_intent"));
        }

        void end() {
            ended = true;
        }

        @Override
        public void close() {
            end();
        }
    }

    /** When a flip came by which step. Behind its drain it stands until every writer waits for it. */
    private static final class Moments implements Seams {
        private final Map<FlipStep, Long> at = new ConcurrentHashMap<>();
        private volatile List<Writers> writers = List.of();

        void standUntilAllWait(Writers... all) {
            writers = List.of(all);
        }

        @Override
        public void afterFlipStep(FlipStep step) {
            if (step == FlipStep.DRAIN) { // what was let through before the freeze has long been answered
                Eventually.eventually()
                        .until("every writer waits", () -> writers.stream().allMatch(Writers::allAtWork));
            }
            at.put(step, System.nanoTime());
        }

        long of(FlipStep step) {
            return Objects.requireNonNull(at.get(step), step::name);
        }

        Duration between(FlipStep from, FlipStep to) {
            return Duration.ofNanos(of(to) - of(from));
        }
    }

    /**
     * Two instances write as fast as converging and verifying follow, which is thousands of rows a second where
     * a transaction has some. Every writer of both is in the middle of its work when ownership moves.
     */
    @Scenario({76, 88})
    @Requirement({5, 130, 134})
    @Test
    void underLoadOnTwoInstancesNothingIsLostDoubledOrMisplacedThereAndBack() throws Exception {
        Moments there = new Moments();
        Moments back = new Moments();
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", b -> b.flipBudget(BUDGET).seams(there)).start();
            Node two = rig.node("two", b -> b.flipBudget(BUDGET).seams(back)).start();
            Rig.readyToFlip(one.dualWrite());
            long began = System.nanoTime();
            try (OneOwner oneOwner = OneOwner.watch(rig);
                    Writers first = Writers.start(rig, one, 8, 100, Duration.ZERO, ROWS);
                    Writers second = Writers.start(rig, two, 8, 200, Duration.ZERO, ROWS);
                    Pace pace = new Pace(rig, first, second)) {
                there.standUntilAllWait(first, second);
                back.standUntilAllWait(first, second);
                long epoch = 0;
                for (int turn = 0; turn < 2; turn++) {
                    epoch = flipUnderLoad("there", one.dualWrite()::flip, there, epoch, first, second);
                    epoch = flipUnderLoad("back", two.dualWrite()::rollBack, back, epoch, first, second);
                }
                first.end();
                second.end();
                pace.end();
                long acknowledged = first.acknowledged() + second.acknowledged();
                long written = first.written() + second.written();
                long nanos = System.nanoTime() - began;
                System.out.println(acknowledged + " pieces of work acknowledged, "
                        + acknowledged * 1_000_000_000L / nanos + " a second; " + written + " rows, "
                        + written * 1_000_000_000L / nanos + " a second; "
                        + (first.retries() + second.retries()) + " told 40001");
                oneOwner.check();
            }
            rig.finish();
        }
    }

    /** What the flip reports and what the writers met are one story; how fast it was is not judged. */
    private static long flipUnderLoad(
            String way, Supplier<FlipOutcome> flip, Moments moments, long before, Writers... all) {
        for (Writers writers : all) {
            writers.awaitEach(Duration.ofSeconds(60));
        }
        FlipOutcome.Flipped flipped = Rig.flipped(flip.get());
        for (Writers writers : all) {
            writers.awaitEach(Duration.ofSeconds(60));
        }
        long frozen = moments.of(FlipStep.FREEZE);
        long handedOver = moments.of(FlipStep.HAND_OVER);
        Duration longest = Duration.ZERO;
        Duration otherwise = Duration.ZERO;
        for (Writers writers : all) {
            for (List<Piece> pieces : writers.pieces()) {
                List<Piece> met = pieces.stream()
                        .filter(piece -> piece.begun() - handedOver < 0 && piece.ended() - handedOver > 0)
                        .toList();
                assertThat(met)
                        .as("each writer was at work when ownership moved")
                        .hasSize(1);
                assertThat(pieces)
                        .as("what began behind the freeze is told yes by the next owner only")
                        .noneMatch(piece ->
                                piece.acknowledged() && piece.begun() - frozen > 0 && piece.ended() - handedOver < 0);
                longest = max(longest, met);
                otherwise = max(
                        otherwise,
                        pieces.stream()
                                .filter(piece -> piece.ended() - frozen < 0)
                                .toList());
            }
        }
        System.out.println(way + ": stall " + flipped.stall().toMillis() + " ms of a budget of " + BUDGET.toMillis()
                + " ms; the longest that a caller waited: " + longest.toMillis() + " ms");
        assertThat(flipped.stall())
                .isBetween(
                        moments.between(FlipStep.FREEZE, FlipStep.HAND_OVER),
                        moments.between(FlipStep.GATE, FlipStep.OPEN_FOLLOWER))
                .isLessThanOrEqualTo(BUDGET);
        assertThat(longest)
                .as("what is beyond the reported stall is a piece of work as before, and a thread that wakes up late")
                .isLessThan(flipped.stall().plus(otherwise).plus(COARSE));
        assertThat(flipped.unacknowledged()).isEmpty();
        assertThat(flipped.epoch()).isGreaterThan(before);
        return flipped.epoch();
    }

    private static Duration max(Duration longest, List<Piece> pieces) {
        return pieces.stream().map(Piece::took).reduce(longest, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }

    /** What was handed out behind the preparation of a flip stands in the queue when the owner freezes. */
    @Scenario(80)
    @Test
    void idsThatAreInTheQueueAtTheFreezeAreNotHandedOutAgain() throws Exception {
        Stops stops = new Stops();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node(
                            "one", b -> b.workers(1).seams(stops).idMargin(100).flipBudget(BUDGET))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            long highest = 0;
            for (int turn = 0; turn < 4; turn++) {
                Supplier<FlipOutcome> flip = turn % 2 == 0 ? node.dualWrite()::flip : node.dualWrite()::rollBack;
                Side owner = node.dualWrite().ownership().owner();
                Eventually.eventually().until("the queue is empty", () -> rig.queued(owner) == 0);
                Stops.Stop prepared = stops.at(FlipStep.GATE.name());
                Stops.Stop frozen = stops.at(FlipStep.FREEZE.name());
                Background<FlipOutcome> running = Background.run(flip::get);
                prepared.awaitReached();
                Stops.Stop worker = stops.at("afterPeek");
                long generated = insert(rig, node, true, null);
                assertThat(generated).as("turn %s", turn).isGreaterThan(highest);
                worker.awaitReached();
                // of what is deleted again the next owner never sees a row that would raise its counter
                boolean gone = turn < 2;
                long far = generated + 5_000;
                node.write("INSERT INTO entry (id, account, amount, note) VALUES (" + far + ", 1, 1, 'far')");
                if (gone) {
                    node.write("DELETE FROM entry WHERE id = " + far);
                    rig.log().absent("entry", "id", far);
                } else {
                    rig.log().present("entry", "id", far);
                }
                prepared.release();
                frozen.awaitReached();
                assertThat(rig.queued(owner)).as("in the queue at the freeze").isEqualTo(gone ? 3 : 2);
                worker.release();
                frozen.release();
                FlipOutcome outcome = running.result();
                if (gone) {
                    assertThat(outcome.toString()).contains("GaveUp", "identifiers-above");
                    settled(rig, node);
                    outcome = flip.get();
                }
                Rig.flipped(outcome);
                highest = far;
            }
            assertThat(insert(rig, node, true, null)).isGreaterThan(highest);
            rig.finish();
        }
    }

    /** Handed out by a commit, by a rollback, or put explicitly: never handed out again. */
    @Scenario({80, 88})
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
