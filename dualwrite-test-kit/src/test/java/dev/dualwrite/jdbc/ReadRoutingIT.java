package dev.dualwrite.jdbc;

import static dev.dualwrite.jdbc.Readers.FIRST;
import static dev.dualwrite.jdbc.Readers.answers;
import static dev.dualwrite.jdbc.Readers.awaitAnswers;
import static dev.dualwrite.jdbc.Readers.awaitPhase;
import static dev.dualwrite.jdbc.Readers.figure;
import static dev.dualwrite.testkit.fault.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Reader;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.TcpProxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where reads go in TARGET_READ: of a cohort to the target, and never to where less is than the reader has written. */
class ReadRoutingIT {
    private static final String WITH_KEY = "SELECT id, owner FROM account WHERE id = 1";

    /** After a step back no read is answered by the target any more (docs/reads.md). */
    private static final Duration READS_END = Duration.ofMillis(250);

    private final Readers readers = new Readers();

    /** Who reads, on whatever thread. */
    private final AtomicReference<Reader> who = readers.who();

    private Set<String> atTarget(Node node) throws SQLException {
        Set<String> readers = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            String key = "reader-" + i;
            who.set(Reader.of(key));
            if (answers(node, FIRST) == Side.TARGET) {
                readers.add(key);
            }
        }
        return readers;
    }

    @Test
    @Requirement({87, 88, 89})
    void theCohortGrowsByShareAndWhoeverBelongsToItStays() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);

            assertThat(node.dualWrite().growCohort(10)).isTrue();
            awaitShare(node, 10);
            Set<String> few = atTarget(node);
            assertThat(few).hasSizeBetween(5, 45);
            assertThat(atTarget(node)).isEqualTo(few);

            assertThat(node.dualWrite().growCohort(50)).isTrue();
            awaitShare(node, 50);
            assertThat(atTarget(node)).containsAll(few).hasSizeBetween(60, 140);

            assertThat(node.dualWrite().growCohort(20)).isFalse();
            assertThat(node.dualWrite().cohort().percent()).isEqualTo(50);
            assertThat(node.dualWrite().growCohort(100)).isTrue();
            awaitShare(node, 100);
            assertThat(atTarget(node)).hasSize(200);

            node.dualWrite().resetCohort();
            awaitAnswers(node, Side.SOURCE);
            assertThat(atTarget(node)).isEmpty();
            rig.finish();
        }
    }

    /** One of whom it is known that he belongs to the cohort once it has this share. */
    private void awaitShare(Node node, double percent) {
        assertThat(node.dualWrite().cohort().percent()).isEqualTo(percent);
        String last = IntStream.range(0, 100_000)
                .mapToObj(i -> "probe-" + i)
                .filter(key -> {
                    int bucket = node.dualWrite().cohort().bucket(key);
                    return bucket < percent * 100 && bucket > percent * 100 - 200;
                })
                .findFirst()
                .orElseThrow();
        who.set(Reader.of(last));
        awaitAnswers(node, Side.TARGET);
    }

    @Test
    @Requirement(93)
    void eachPartOfTheCohortIsCountedByItself() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, DualWriteBuilder::autocommitReads);
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);
            assertThat(figure(node, "reads.cohort.share.answered")).isPositive();
            node.dualWrite().growCohort("tenant", "acme", "umbrella");
            who.set(Reader.of("x").with("tenant", "acme"));
            eventually().until("he is counted as acme's", () -> {
                answers(node, FIRST);
                return figure(node, "reads.cohort.tenant=acme.answered") > 0;
            });
            String query = "SELECT owner, balance FROM account WHERE id = 1";
            try (AutoCloseable renamed = renamed(rig);
                    Connection connection = node.dataSource().getConnection()) {
                assertThat(renamed).isNotNull();
                who.set(Reader.of("y").with("tenant", "umbrella"));
                assertThat(answers(node, query)).isEqualTo(Side.SOURCE);
                assertThat(answers(connection, query)).as("in autocommit").isEqualTo(Side.SOURCE);
                assertThat(answers(node, FIRST)).isEqualTo(Side.TARGET);
            }
            assertThat(figure(node, "reads.cohort.tenant=umbrella.failed")).isEqualTo(2);
            assertThat(figure(node, "reads.cohort.tenant=umbrella.answered")).isEqualTo(1);
            assertThat(figure(node, "reads.cohort.tenant=acme.failed")).isZero();
            assertThat(figure(node, "reads.cohort.tenant=acme.seconds")).isPositive();

            rig.finish();
        }
    }

    @Test
    @Requirement({90, 91, 92})
    void theCohortIsChosenByWhatReadersAndInstancesHave() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b.label("zone", "a"));
            Node other =
                    rig.node("two", b -> readers.known(b).label("zone", "b")).start();
            awaitPhase(other, Phase.TARGET_READ);

            who.set(Reader.of("x").with("tenant", "acme"));
            node.dualWrite().growCohort("tenant", "acme", "umbrella");
            awaitAnswers(node, Side.TARGET);
            awaitAnswers(other, Side.TARGET);
            who.set(Reader.of("x").with("tenant", "initech"));
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);

            who.set(Reader.of("x").with("region", "eu"));
            node.dualWrite().growCohort("region", "eu");
            awaitAnswers(node, Side.TARGET);

            who.set(Reader.UNKNOWN);
            node.dualWrite().growCohort("zone", "b");
            awaitAnswers(other, Side.TARGET);
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            node.dualWrite().growCohort("instance", "one");
            awaitAnswers(node, Side.TARGET);
            rig.finish();
        }
    }

    @Test
    @Scenario(95)
    @Requirement(18)
    void whatMayWriteIsOnTheOwnerFromItsFirstStatement() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);

            try (Connection connection = node.dataSource().getConnection()) {
                assertThat(answers(connection, FIRST)).as("in autocommit").isEqualTo(Side.SOURCE);
                connection.setAutoCommit(false);
                assertThat(answers(connection, FIRST)).as("not declared").isEqualTo(Side.SOURCE);
                connection.rollback();
                connection.setReadOnly(true);
                assertThat(answers(connection, FIRST + " LOCK IN SHARE MODE"))
                        .as("locking")
                        .isEqualTo(Side.SOURCE);
                connection.rollback();
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                assertThat(answers(connection, FIRST)).as("serializable").isEqualTo(Side.SOURCE);
                connection.rollback();
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                assertThat(answers(connection, "SELECT owner, @mine FROM account"))
                        .as("of the session")
                        .isEqualTo(Side.SOURCE);
                connection.rollback();
                assertThat(answers(connection, FIRST)).isEqualTo(Side.TARGET);
                assertThatThrownBy(() -> answers(connection, FIRST + " FOR UPDATE"))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("DW-2050");
                assertThat(answers(connection, "SELECT COUNT(*) FROM entry")).isEqualTo(Side.TARGET);
                connection.setReadOnly(false);
                try (Statement statement = connection.createStatement()) {
                    assertThatThrownBy(() -> statement.executeUpdate("UPDATE account SET balance = 1 WHERE id = 1"))
                            .isInstanceOf(StatementRefusedException.class)
                            .hasMessageContaining("DW-2050");
                }
                connection.rollback();
                try (Statement statement = connection.createStatement()) {
                    assertThat(statement.executeUpdate("UPDATE account SET balance = 1 WHERE id = 1"))
                            .isEqualTo(1);
                }
                connection.commit();
            }
            rig.finish();
        }
    }

    @Test
    void readsInAutocommitMoveIfThatIsWanted() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, DualWriteBuilder::autocommitReads);
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);
            try (Connection connection = node.dataSource().getConnection()) {
                assertThat(answers(connection, FIRST)).isEqualTo(Side.TARGET);
                assertThat(answers(connection, FIRST + " FOR UPDATE")).isEqualTo(Side.SOURCE);
                assertThat(answers(connection, FIRST))
                        .as("in the session that may hold something")
                        .isEqualTo(Side.SOURCE);
            }
            try (Connection connection = node.dataSource().getConnection()) {
                assertThat(answers(connection, FIRST)).isEqualTo(Side.TARGET);
            }
            rig.finish();
        }
    }

    @Test
    @Scenario(3)
    void aTargetThatDiesCostsItsReadersNothingButTheWay() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);
            rig.proxy(Side.TARGET).down();
            for (int i = 0; i < 50; i++) {
                assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            }
            rig.proxy(Side.TARGET).pass();
            awaitAnswers(node, Side.TARGET);
            rig.finish();
        }
    }

    @Test
    void whatTheTargetCannotAnswerTheOwnerDoes() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);
            String query = "SELECT owner, balance FROM account WHERE id = 1";
            try (AutoCloseable renamed = renamed(rig)) {
                assertThat(renamed).isNotNull();
                assertThat(answers(node, query)).isEqualTo(Side.SOURCE);
                assertThatThrownBy(() -> answers(node, "SELECT nothing FROM account"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getErrorCode()).isEqualTo(1054));
            }
            assertThat(figure(node, "reads.owner.failed-there")).isPositive();
            rig.finish();
        }
    }

    private static AutoCloseable renamed(Rig rig) throws SQLException {
        rig.schema(Side.TARGET).execute("ALTER TABLE account RENAME COLUMN balance TO balanced");
        return () -> rig.schema(Side.TARGET).execute("ALTER TABLE account RENAME COLUMN balanced TO balance");
    }

    @Test
    void tablesOfWhichUnitsAreParkedAreReadFromTheOwner() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            node.dualWrite().growCohort(100);
            awaitAnswers(node, Side.TARGET);
            try (AutoCloseable refusing = rig.refusing(Side.TARGET, "account", "NEW.owner = 'poison'")) {
                assertThat(refusing).isNotNull();
                node.write("INSERT INTO account VALUES (2, 'poison', 0, NULL)");
                eventually()
                        .until(
                                "it is parked",
                                () -> !node.dualWrite().parked(10).isEmpty());
                who.set(Reader.of("somebody else"));
                eventually().until("the owner answers", new Readers.Looks(node)::more);
                assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
                assertThat(answers(node, "SELECT COUNT(*) FROM entry"))
                        .as("whose next statement may be of the other table")
                        .isEqualTo(Side.SOURCE);
                node.dualWrite().unpark();
                eventually().until("it was tried again", () -> rig.queued(Side.SOURCE) == 0);
                assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            }
            node.dualWrite().unpark();
            awaitAnswers(node, Side.TARGET);
            assertThat(node.dualWrite().parked(10)).isEmpty();
            rig.finish();
        }
    }

    @Test
    @Scenario(99)
    @Requirement(82)
    void newFirstElseOldIsForTablesFromWhichNothingIsRemovedAndBeforeTheFlip() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(
                    rig, b -> b.autocommitReads().appendOnly("Entry").flipBudget(Duration.ofSeconds(5)));
            DualWrite dualWrite = node.dualWrite();
            node.write("INSERT INTO entry (id, account, amount) VALUES (1, 1, 5)");
            for (String removal : List.of("DELETE FROM entry WHERE id = 1", "UPDATE entry SET id = 2 WHERE id = 1")) {
                assertThatThrownBy(() -> node.write(removal))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("DW-2051");
            }
            assertThatThrownBy(() -> dualWrite.readTargetFirst("entry", "account"))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-5030")
                    .hasMessageContaining("account");
            dualWrite.growCohort(100);
            awaitAnswers(node, Side.TARGET);
            dualWrite.readTargetFirst("ENTRY");
            rig.schema(Side.TARGET).execute("DELETE FROM entry WHERE id = 1");
            String query = "SELECT amount FROM entry WHERE id = 1";
            eventually().until("the source is asked", () -> found(node, query));
            try (Connection connection = node.dataSource().getConnection()) {
                assertThat(answers(connection, FIRST)).isEqualTo(Side.TARGET);
                assertThat(answers(connection, "SELECT COUNT(*) FROM entry")).isEqualTo(Side.TARGET);
                assertThat(answers(connection, query)).isEqualTo(Side.SOURCE);
            }
            rig.schema(Side.SOURCE).execute("DELETE FROM dualwrite_cohort WHERE attribute = 'target-first'");
            eventually().until("the source is not asked any more", () -> !found(node, query));
            dualWrite.resetCohort();
            awaitAnswers(node, Side.SOURCE);

            assertThat(dualWrite.enter(Phase.DUAL_WRITE)).isInstanceOf(PhaseOutcome.Entered.class);
            dualWrite.verify();
            dualWrite.repair();
            eventually().until("it is repaired", () -> dualWrite.verify().equal());
            Rig.flipped(dualWrite.flip());
            assertThatThrownBy(() -> dualWrite.readTargetFirst("entry"))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-5017");
            rig.finish();
        }
    }

    private static boolean found(Node node, String query) throws SQLException {
        try (Connection connection = node.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next();
        }
    }

    @Test
    void whatIsSaidOfTablesThatDoNotMoveIsRefused() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.appendOnly("nothing"));
            assertThatThrownBy(node::start)
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-1018")
                    .hasMessageContaining("nothing");
            rig.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Scenario(87)
    @Requirement({83, 81})
    void oneCommandTakesAllReadsBackAlsoIfTheTargetIsDead(boolean dead) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            Node other = rig.node("two", readers::known).start();
            awaitPhase(other, Phase.TARGET_READ);
            node.dualWrite().growCohort(100);
            awaitAnswers(other, Side.TARGET);
            node.dualWrite().hold(true);
            if (dead) {
                rig.proxy(Side.TARGET).down();
            }
            assertThat(node.dualWrite().stepBack())
                    .isInstanceOfSatisfying(
                            PhaseOutcome.Entered.class,
                            entered -> assertThat(entered.phase()).isEqualTo(Phase.SHADOW_READ));
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            assertThatThrownBy(() -> node.dualWrite().growCohort(10))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-5017");
            assertThat(node.dualWrite().stepBack()).isInstanceOf(PhaseOutcome.Entered.class);
            assertThat(node.dualWrite().stepBack()).isInstanceOf(PhaseOutcome.Refused.class);
            node.dualWrite().hold(false);
            rig.proxy(Side.TARGET).pass();
            rig.finish();
        }
    }

    /** It does not hear of the step, so only the age of what it knows ends its reads. */
    @Test
    @Scenario(87)
    @Requirement(83)
    void anInstanceThatIsCutOffReadsNothingFromTheTargetAnyMore() throws Exception {
        try (Rig rig = Rig.shared();
                TcpProxy way = TcpProxy.inFrontOf(rig.server(Side.SOURCE))) {
            Node node = readers.reading(rig, b -> b);
            try (HikariDataSource source = new HikariDataSource()) {
                source.setPoolName(rig.migration() + "-two-alone");
                source.setJdbcUrl(way.jdbcUrl(rig.schema(Side.SOURCE).name()));
                source.setMinimumIdle(0);
                source.setConnectionTimeout(500);
                Node other =
                        rig.node("two", b -> readers.known(b).source(source)).start();
                awaitPhase(other, Phase.TARGET_READ);
                node.dualWrite().growCohort(100);
                awaitAnswers(other, Side.TARGET);
                Connection open = other.dataSource().getConnection();
                open.setReadOnly(true);
                open.setAutoCommit(false);
                assertThat(answers(open, FIRST)).isEqualTo(Side.TARGET);

                way.down();
                long since = System.nanoTime();
                eventually().until("250 ms are over", () -> System.nanoTime() - since > READS_END.toNanos());
                assertThatThrownBy(() -> answers(other, FIRST)).isInstanceOf(SQLException.class);
                assertThat(node.dualWrite().stepBack()).isInstanceOf(PhaseOutcome.Entered.class);
                assertThat(other.dualWrite().ownership().phase())
                        .as("what it still believes")
                        .isEqualTo(Phase.TARGET_READ);
                assertThatThrownBy(() -> answers(open, FIRST))
                        .as("in a transaction that has read there before")
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("40001"));
                open.close();
                way.pass();
                awaitAnswers(other, Side.SOURCE);
                other.close();
            }
            rig.finish();
        }
    }

    @Test
    @Requirement(85)
    void aRowThatTheTargetLacksWhileEverybodyReadsThereIsReported() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            DualWrite dualWrite = node.dualWrite();
            dualWrite.growCohort(100);
            awaitAnswers(node, Side.TARGET);
            rig.schema(Side.TARGET).execute("DELETE FROM account WHERE id = 1");
            eventually().until("it was found", () -> {
                assertThat(finds(node, WITH_KEY)).isFalse();
                return figure(node, "reads.different") > 0;
            });
            eventually()
                    .untilAsserted(() -> assertThat(dualWrite.readReport().differences())
                            .anySatisfy(one -> assertThat(one.row()).contains("account 1")));
            assertThat(dualWrite.growthGate().open()).isFalse();
            dualWrite.repairReads();
            eventually().until("it is there again", () -> finds(node, WITH_KEY));
            rig.finish();
        }
    }

    /** Whether a transaction that is declared to do nothing but read finds a row. */
    private static boolean finds(Node node, String query) throws SQLException {
        try (Connection connection = node.dataSource().getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                return row.next();
            }
        }
    }

    @Test
    @Requirement({81, 94})
    void theCohortDoesNotGrowPastADifferenceAndGoesOnOnceItIsMended() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b);
            DualWrite dualWrite = node.dualWrite();
            dualWrite.growCohort(10);
            rig.schema(Side.TARGET).execute("UPDATE account SET owner = 'another' WHERE id = 1");
            who.set(Reader.UNKNOWN);
            eventually().until("it was found", () -> {
                answers(node, WITH_KEY);
                return figure(node, "reads.different") > 0
                        && !dualWrite.growthGate().open();
            });
            assertThatThrownBy(() -> dualWrite.growCohort(50))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageContaining("DW-5033")
                    .hasMessageContaining("reads-compared");
            assertThat(dualWrite.cohort().percent()).isEqualTo(10);

            dualWrite.repairReads();
            eventually().until("it is mended", () -> rig.ask(Side.TARGET, FIRST).equals("first"));
            dualWrite.compareAnew();
            eventually().until("it was compared anew", () -> {
                answers(node, WITH_KEY);
                return dualWrite.growthGate().open();
            });
            assertThat(dualWrite.growCohort(50)).isTrue();
            rig.finish();
        }
    }

    /** The library's own ways to both databases are stopped, so that the instance does not hear of the flip. */
    @Test
    void whoReadOnTheOldOwnerIsNotAnsweredByItOnWhatWasKnownLongAgo() throws Exception {
        try (Rig rig = Rig.shared();
                TcpProxy source = TcpProxy.inFrontOf(rig.server(Side.SOURCE));
                TcpProxy target = TcpProxy.inFrontOf(rig.server(Side.TARGET))) {
            Node one = rig.node(
                            "one",
                            b -> b.heartbeatTimeout(Duration.ofSeconds(2)).flipBudget(Duration.ofSeconds(5)))
                    .start();
            String sourceUrl = source.jdbcUrl(rig.schema(Side.SOURCE).name());
            String targetUrl = target.jdbcUrl(rig.schema(Side.TARGET).name());
            Node stale = rig.node(
                            "stale", b -> b.sourceAccess(sourceUrl, null, null).targetAccess(targetUrl, null, null))
                    .start();
            one.write("INSERT INTO account VALUES (1, 'first', 0, NULL)");
            Rig.readyToFlip(one.dualWrite());
            awaitPhase(stale, Phase.DUAL_WRITE);
            try (Connection connection = stale.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                assertThat(answers(connection, FIRST)).isEqualTo(Side.SOURCE);
                source.stall();
                target.stall();
                eventually().until("the flip is free of what the stopped instance holds", () -> {
                    InnoDb.endOlderThan(Duration.ofSeconds(2), rig.schema(Side.TARGET));
                    return one.dualWrite().flip() instanceof FlipOutcome.Flipped;
                });
                assertThat(stale.dualWrite().ownership().owner()).isEqualTo(Side.SOURCE);
                assertThatThrownBy(() -> answers(connection, FIRST))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("40001"));
                connection.rollback();
                source.pass();
                target.pass();
                assertThat(answers(connection, FIRST)).isEqualTo(Side.TARGET);
            }
            rig.finish();
        }
    }

    @Test
    void afterAFlipWhoReadOnTheOldOwnerStartsAnew() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = readers.reading(rig, b -> b.flipBudget(Duration.ofSeconds(5)));
            Rig.verify(node.dualWrite());
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                assertThat(answers(connection, FIRST)).isEqualTo(Side.SOURCE);
                Rig.flipped(node.dualWrite().flip());
                assertThatThrownBy(() -> answers(connection, FIRST))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("40001"));
                connection.rollback();
                assertThat(answers(connection, FIRST)).isEqualTo(Side.TARGET);
            }
            rig.finish();
        }
    }
}
