package dev.dualwrite.jdbc;

import static dev.dualwrite.testkit.fault.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import dev.dualwrite.SettableFlags;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Flags choose readers, and cannot shrink the cohort; a source that is odd changes nothing and is told of. */
class FlagsOfReadersIT {

    /** As {@link SettableFlags}, counting how often it is asked. */
    private static final class Counted implements FlagSource {
        private final SettableFlags flags = new SettableFlags();
        private final AtomicInteger looks = new AtomicInteger();

        @Override
        public Optional<Phase> requestedPhase() {
            return flags.requestedPhase();
        }

        @Override
        public FlagSource now() {
            looks.incrementAndGet();
            return flags;
        }

        /** Waits until what is said now was said often enough, and what follows from it was done. */
        void awaitHeard() {
            int before = looks.get();
            eventually().until("the flags are asked", () -> looks.get() >= before + 10);
        }
    }

    private static DualWriteBuilder comparing(DualWriteBuilder builder) {
        return builder.readComparison(ReadComparison.standard().withMinimum(1));
    }

    /** From DUAL_WRITE, through the gate. */
    private static void enterTargetRead(Rig rig, Node node) throws SQLException {
        node.write("INSERT INTO account VALUES (1, 'first', 0, NULL)");
        rig.log().present("account", "id", 1);
        Rig.enter(node.dualWrite(), Phase.SHADOW_READ);
        compared(node, Phase.TARGET_READ);
        Rig.enter(node.dualWrite(), Phase.TARGET_READ);
        awaitPhase(node, Phase.TARGET_READ);
    }

    private static void compared(Node node, Phase to) {
        eventually().until("it was compared", () -> {
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT owner FROM account WHERE id = 1")) {
                    assertThat(row.next()).isTrue();
                }
            }
            return node.dualWrite().gate(to).open();
        });
    }

    private static void awaitPhase(Node node, Phase phase) {
        eventually()
                .until(
                        node.name() + " is in " + phase,
                        () -> node.dualWrite().ownership().phase() == phase);
    }

    private static void awaitWish(Node node, String... says) {
        eventually()
                .untilAsserted(() -> assertThat(node.dualWrite().status().wishes())
                        .anySatisfy(wish -> assertThat(wish).contains(says)));
    }

    private static void awaitPercent(Node node, double percent) {
        eventually()
                .until(
                        percent + "% belong to the cohort",
                        () -> node.dualWrite().cohort().percent() == percent);
    }

    @Scenario({66, 73})
    @Requirement({83, 210, 212})
    @Test
    void aShareGrowsTheCohortOnceAndNeverShrinksItButNobodyTakesAllBack() throws Exception {
        Counted flags = new Counted();
        try (Rig rig = Rig.shared()) {
            Node one = rig.node("one", b -> comparing(b).flags(flags)).start();
            Node two = rig.node("two", b -> comparing(b).flags(flags)).start();
            Rig.readyToFlip(one.dualWrite());
            flags.flags.readPercent(10);
            awaitWish(one, "wishes for 10.0% of the readers", "TARGET_READ");
            assertThat(one.dualWrite().cohort().percent()).isZero();
            enterTargetRead(rig, one);
            awaitPercent(one, 10); // said before the phase, and granted in it
            awaitPhase(two, Phase.TARGET_READ);

            flags.flags.readPercent(5);
            awaitWish(two, "says 5.0%", "10.0% belong", "DW-5027");
            one.dualWrite().growCohort(20);
            flags.awaitHeard();
            assertThat(one.dualWrite().cohort().percent()).isEqualTo(20);
            rig.schema(Side.SOURCE)
                    .execute("INSERT INTO dualwrite_instance (migration, instance, epoch, configuration, version,"
                            + " started_at, heartbeat_at) VALUES ('" + rig.migration()
                            + "', 'behind', 0, '', '', UTC_TIMESTAMP(6),"
                            + " UTC_TIMESTAMP(6) + INTERVAL 1 MINUTE)");
            flags.flags.readPercent(25);
            awaitWish(one, "not taken in yet", "DW-5033", "instances-agree");
            assertThat(one.dualWrite().cohort().percent()).isEqualTo(20);
            rig.schema(Side.SOURCE).execute("DELETE FROM dualwrite_instance WHERE instance = 'behind'");
            awaitPercent(one, 25);
            flags.awaitHeard();
            eventually()
                    .untilAsserted(() -> assertThat(one.dualWrite().audit(100).stream()
                                    .filter(line -> line.contains("raised to 25.0%")))
                            .as("by one instance")
                            .hasSize(1));

            // an operator's decision that comes later is not undone by a wish that is over in all instances
            one.dualWrite().resetCohort();
            flags.awaitHeard();
            assertThat(one.dualWrite().cohort().isEmpty()).isTrue();
            awaitWish(one, "says 25.0%", "no wish");

            flags.flags.readPercent(30);
            awaitPercent(one, 30);
            flags.flags.readPercent(0);
            eventually()
                    .until(
                            "nobody belongs to it",
                            () -> one.dualWrite().cohort().isEmpty());
            eventually()
                    .untilAsserted(
                            () -> assertThat(one.dualWrite().status().wishes()).isEmpty());
            rig.finish();
        }
    }

    @Requirement({210, 212, 283})
    @Test
    void membersAreTakenInAndStayAndTheTableSaysTheSame() throws Exception {
        Counted flags = new Counted();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> comparing(b).flags(flags)).start();
            Rig.readyToFlip(node.dualWrite());
            enterTargetRead(rig, node);
            awaitPhase(node, Phase.TARGET_READ);
            flags.awaitHeard(); // what it says at the beginning would be no wish
            flags.flags.readCohort(Map.of("tenant", Set.of("a", "b")));
            eventually()
                    .untilAsserted(() -> assertThat(node.dualWrite().cohort().members())
                            .isEqualTo(Map.of("tenant", Set.of("a", "b"))));
            flags.flags.readCohort(Map.of("tenant", Set.of("b")));
            awaitWish(node, "does not name {tenant=[a]} any more", "DW-5027");
            assertThat(node.dualWrite().cohort().members()).isEqualTo(Map.of("tenant", Set.of("a", "b")));

            node.dualWrite().hold(true);
            eventually().until("held", () -> node.dualWrite().status().held());
            flag(rig, "read-cohort", "tenant=c; region=north");
            flag(rig, "read-percent", "12.5");
            awaitWish(node, "the flag table wishes for 12.5%");
            assertThat(node.dualWrite().cohort().percent()).isZero();
            node.dualWrite().hold(false);
            awaitPercent(node, 12.5);
            eventually()
                    .untilAsserted(() -> assertThat(node.dualWrite().cohort().members())
                            .isEqualTo(Map.of("tenant", Set.of("a", "b", "c"), "region", Set.of("north"))));
            eventually()
                    .until(
                            "what is granted is taken out of the table",
                            () -> rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_flag")
                                    .equals("0"));
            flag(rig, "read-percent", "1000");
            awaitWish(node, "'read-percent'", "0 to 100", "DW-5008");
            flag(rig, "read-percent", "0");
            eventually()
                    .until(
                            "nobody belongs to it",
                            () -> node.dualWrite().cohort().isEmpty());
            rig.finish();
        }
    }

    private static void flag(Rig rig, String name, String value) throws SQLException {
        rig.schema(Side.SOURCE)
                .execute("REPLACE INTO dualwrite_flag VALUES ('" + rig.migration() + "', '" + name + "', '" + value
                        + "', UTC_TIMESTAMP(6), 'me')");
    }

    /** A flag service of which a test says how it is broken. */
    private static final class Broken implements FlagSource {
        private final AtomicInteger looks = new AtomicInteger();
        private final Semaphore answers = new Semaphore(Integer.MAX_VALUE);
        private volatile boolean alternates;
        private volatile boolean saysNull;
        private volatile boolean held;

        @Override
        @SuppressWarnings({"NullAway", "NullableOptional"}) // what a host may do
        public @Nullable Optional<Phase> requestedPhase() {
            answers.acquireUninterruptibly();
            answers.release();
            int look = looks.incrementAndGet();
            if (saysNull) {
                return null;
            }
            if (alternates) {
                return Optional.of(look % 2 == 0 ? Phase.REVERSE_WINDOW : Phase.SOURCE_ONLY);
            }
            return Optional.empty();
        }

        @Override
        public boolean hold() {
            return alternates ? looks.get() % 2 == 0 : held;
        }

        void awaitAsked() {
            int before = looks.get();
            eventually().until("it is asked", () -> looks.get() >= before + 12);
        }
    }

    @Scenario(67)
    @Requirement(382)
    @Test
    void aSourceThatIsSlowOrSaysNullOrContradictsItselfChangesNothingAndIsTold() throws Exception {
        Broken flags = new Broken();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.flags(flags).flipBudget(Duration.ofSeconds(5)))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            long epoch = node.dualWrite().ownership().epoch();
            flags.held = true;
            eventually().until("held", () -> node.dualWrite().status().held());
            flags.saysNull = true;
            awaitWish(node, "requestedPhase says null", "DW-5010");
            flags.saysNull = false;
            flags.answers.acquireUninterruptibly(Integer.MAX_VALUE);
            try {
                awaitWish(node, "the flag source has not answered for", "DW-5025");
                assertThat(node.dualWrite().status().held())
                        .as("what it said last stays")
                        .isTrue();
                flag(rig, "kill", "on");
                eventually()
                        .until(
                                "the table is heard meanwhile",
                                () -> node.dualWrite().status().killed());
                node.dualWrite().kill(false);
                node.write("INSERT INTO account VALUES (1, 'meanwhile', 1, NULL)");
                rig.log().present("account", "id", 1);
            } finally {
                flags.answers.release(Integer.MAX_VALUE);
            }
            flags.alternates = true;
            awaitWish(node, "keeps changing its mind about the phase", "DW-5026");
            awaitWish(node, "keeps changing its mind about the hold", "DW-5026");
            flags.awaitAsked();
            assertThat(node.dualWrite().status().held()).as("in doubt it holds").isTrue();
            assertThat(node.dualWrite().ownership().epoch()).isEqualTo(epoch);
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            flags.held = false;
            flags.alternates = false;
            eventually().untilAsserted(() -> {
                assertThat(node.dualWrite().status().held()).isFalse();
                assertThat(node.dualWrite().status().wishes()).isEmpty();
            });
            rig.finish();
        }
    }

    /** Also, a wish that is taken back before the gate lets it through is over. */
    @Scenario(66)
    @Test
    void aWishThatIsTakenBackIsOverAndOneWithoutAWayIsTold() throws Exception {
        Counted flags = new Counted();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.flags(flags).flipBudget(Duration.ofSeconds(5)))
                    .start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            flags.flags.request(Phase.REVERSE_WINDOW);
            awaitWish(node, "wishes for REVERSE_WINDOW"); // not verified, so the gate says no
            flags.flags.request(Phase.TARGET_ONLY);
            awaitWish(node, "wishes for TARGET_ONLY", "no step leads from DUAL_WRITE", "DW-5027");
            flags.flags.withdraw();
            eventually()
                    .untilAsserted(
                            () -> assertThat(node.dualWrite().status().wishes()).isEmpty());
            node.dualWrite().backfill();
            Rig.verify(node.dualWrite());
            flags.awaitHeard();
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            assertThat(rig.state(Side.SOURCE)).isEqualTo("OPEN");
            rig.finish();
        }
    }

    @Test
    void aFlagSaysHowManyReadsAreCompared() throws Exception {
        SettableFlags flags = new SettableFlags();
        try (Rig rig = Rig.shared()) {
            Node node = rig.node(
                            "one",
                            b -> comparing(b.flags(flags))
                                    .readComparison(ReadComparison.standard()
                                            .withMinimum(1)
                                            .withPercent(0)))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            node.write("INSERT INTO account VALUES (1, 'first', 0, NULL)");
            rig.log().present("account", "id", 1);
            Rig.enter(node.dualWrite(), Phase.SHADOW_READ);
            compared(node, Phase.TARGET_READ);
            double enough = figure(node, "reads.sampled");
            for (int i = 0; i < 20; i++) {
                compared(node, Phase.TARGET_READ);
            }
            assertThat(figure(node, "reads.sampled")).isEqualTo(enough);

            flags.sampling(100);
            eventually().until("reads are compared again", () -> {
                compared(node, Phase.TARGET_READ);
                return figure(node, "reads.sampled") > enough;
            });
            rig.finish();
        }
    }

    private static double figure(Node node, String name) {
        return node.dualWrite().metrics().getOrDefault(name, -1.0);
    }
}
