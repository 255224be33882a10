package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copying the domain while it lives: what a chunk read early and wrote late never wins over what came later. */
class BackfillIT {
    private static final String NAMED =
            "CREATE TABLE named (name VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY,"
                    + " value INT NOT NULL) ENGINE=InnoDB";
    private static final String PAIR =
            "CREATE TABLE pair (a INT NOT NULL, b VARCHAR(10) NOT NULL, c DATE NOT NULL, value INT NOT NULL,"
                    + " PRIMARY KEY (a, b, c)) ENGINE=InnoDB";
    private static final String EMPTY = "CREATE TABLE nothing (id BIGINT PRIMARY KEY, value INT) ENGINE=InnoDB";

    private static Seams inChunk(Halt halt) {
        return new Seams() {
            @Override
            public void afterChunkRead() {
                halt.here();
            }
        };
    }

    private static void fill(Rig rig, Side side, int from, int to) throws Exception {
        try (Bypass writer = Bypass.of(rig.schema(side).jdbcUrl())) {
            writer.write("INSERT INTO account (id, owner, balance, slot) VALUES "
                    + IntStream.range(from, to)
                            .mapToObj(i -> "(" + i + ", 'before', " + i + ", " + (10_000 + i) + ")")
                            .collect(Collectors.joining(", ")));
        }
    }

    /** Only then does it matter that the chunk, which has read before, writes after them. */
    private static void awaitConvergers(Rig rig) {
        Eventually.eventually()
                .until(
                        "converged by mistake, or waiting for the chunk",
                        () -> rig.queued(Side.SOURCE) == 0
                                || InnoDb.waitsToShare(rig.schema(Side.TARGET), "dualwrite_backfill_chunk"));
    }

    /** @param clash whether what the chunk would write clashes, so that it hands its rows to the convergers anyway */
    @Scenario({43, 45})
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("a chunk that read early and writes last: updates, inserts, deletes and key changes win")
    void aLiveChangeWinsOverAChunkThatReadBeforeIt(boolean clash) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, Side.SOURCE, 1, 31);
            Halt halt = new Halt();
            Node copier = rig.node("copier", b -> b.backfillWorkers(1).seams(inChunk(halt)))
                    .start();
            Node writer = rig.node("writer").start();
            Rig.enter(copier.dualWrite(), Phase.DUAL_WRITE);
            halt.arm();
            Background<DualWrite.BackfillReport> backfill =
                    Background.run(() -> copier.dualWrite().backfill());
            halt.awaitReached();
            writer.write("UPDATE account SET owner = 'live' WHERE id = 3");
            writer.write("DELETE FROM account WHERE id = 4");
            writer.write("INSERT INTO account VALUES (40, 'live', 0, 40)");
            writer.transaction("DELETE FROM account WHERE id = 6", "INSERT INTO account VALUES (6, 'again', 6, 10006)");
            if (clash) {
                writer.write("UPDATE account SET id = 50 WHERE id = 5");
                writer.transaction(
                        "UPDATE account SET slot = NULL WHERE id = 7",
                        "UPDATE account SET slot = 10007 WHERE id = 8",
                        "UPDATE account SET slot = 10008 WHERE id = 7");
            }
            rig.log().absent("account", "id", 4);
            rig.log().present("account", "id", clash ? 50 : 5);
            rig.log().present("account", "id", 40);
            rig.log().claim("3", "SELECT owner FROM account WHERE id = 3", "live");
            rig.log().claim("6", "SELECT owner FROM account WHERE id = 6", "again");
            awaitConvergers(rig);
            halt.release();
            assertThat(backfill.result().complete()).isTrue();
            Rig.verify(copier.dualWrite());
            rig.finish();
        }
    }

    @Scenario(46)
    @Test
    @DisplayName("an intent written before the chunk and committed after it is not lost")
    void aTransactionInFlightDuringTheChunkArrives() throws Exception {
        try (Rig rig = Rig.shared()) {
            fill(rig, Side.SOURCE, 1, 31);
            Node node = rig.node("one", b -> b.chunkRows(10)).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE account SET owner = 'in flight' WHERE id = 3");
                statement.executeUpdate("DELETE FROM account WHERE id = 14");
                // what was captured so far is written now, long before the commit
                connection.setSavepoint("early");
                statement.executeUpdate("UPDATE account SET owner = 'in flight' WHERE id = 25");
                assertThat(node.dualWrite().backfill().complete()).isTrue();
                assertThat(rig.ask(Side.TARGET, "SELECT owner FROM account WHERE id = 3"))
                        .isEqualTo("before");
                connection.commit();
            }
            rig.log().claim("3", "SELECT owner FROM account WHERE id = 3", "in flight");
            rig.log().claim("25", "SELECT owner FROM account WHERE id = 25", "in flight");
            rig.log().absent("account", "id", 14);
            Eventually.eventually().until("converged", () -> rig.queued(Side.SOURCE) == 0);
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    @Test
    void rowsThatTheFollowerHasTooManyOrWrongAreMendedInEveryChunk() throws Exception {
        try (Rig rig = Rig.shared()) {
            fill(rig, Side.SOURCE, 100, 145);
            // before, within, between and behind the owner's rows; equal ones; wrong ones; a clash within a chunk
            fill(rig, Side.TARGET, 50, 60);
            fill(rig, Side.TARGET, 140, 170);
            try (Bypass target = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                target.write("UPDATE account SET balance = -1 WHERE id = 142");
                target.write("INSERT INTO account VALUES (101, 'swapped', 1, 10102), (102, 'swapped', 2, 10101)");
                target.write("INSERT INTO account VALUES (120, 'holds a value of another chunk', 1, 10143000)");
                target.write("UPDATE account SET slot = 10131 WHERE id = 120");
            }
            Node node = rig.node("one", b -> b.chunkRows(10)).start();
            for (int i = 100; i < 145; i++) {
                rig.log().present("account", "id", i);
            }
            Rig.readyToFlip(node.dualWrite());
            assertThat(rig.ask(
                            Side.TARGET, "SELECT COUNT(*) FROM dualwrite_backfill_chunk WHERE table_name = 'account'"))
                    .isEqualTo("5");
            rig.finish();
        }
    }

    @Test
    void tablesOfEveryKindOfKeyAreCutAndCopied() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, NAMED, PAIR, EMPTY)) {
            fill(rig, Side.SOURCE, 1, 11);
            try (Bypass source = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
                source.write("INSERT INTO named VALUES "
                        + IntStream.range(0, 57)
                                .mapToObj(i -> "('" + (i % 2 == 0 ? "Name " : "nAME-") + i + "', " + i + ")")
                                .collect(Collectors.joining(", ")));
                source.write("INSERT INTO named VALUES ('Ärger', 1), ('zz top', 2), ('', 3), ('😀', 4), (' lead', 5)");
                source.write("INSERT INTO pair VALUES "
                        + IntStream.range(0, 60)
                                .mapToObj(i -> "(" + (i % 3 - 1) + ", '" + (char) ('a' + i % 5) + "', '2024-01-"
                                        + (10 + i % 20) + "', " + i + ")")
                                .collect(Collectors.joining(", ")));
            }
            try (Bypass target = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                target.write(
                        "INSERT INTO named VALUES ('NAME 2', 2), ('name-3 ', -3), ('ARGER', 1), ('', 3), ('Y', 9)");
                target.write("INSERT INTO pair VALUES (-1, 'a', '2024-01-10', 0), (-2, 'z', '2024-01-01', 0),"
                        + " (1, 'A', '2024-01-10', 7), (9, '', '2024-12-31', 0)");
            }
            Node node = rig.node("one", b -> b.chunkRows(10)).start();
            Rig.readyToFlip(node.dualWrite());
            assertThat(rig.ask(
                            Side.TARGET, "SELECT COUNT(*) FROM dualwrite_backfill_chunk WHERE table_name = 'account'"))
                    .isEqualTo("1");
            assertThat(rig.ask(
                            Side.TARGET, "SELECT COUNT(*) FROM dualwrite_backfill_chunk WHERE table_name = 'nothing'"))
                    .isEqualTo("1");
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM named")).isEqualTo("62");
            assertThat(node.dualWrite().backfill().complete())
                    .as("a second backfill finds all done")
                    .isTrue();
            rig.finish();
        }
    }

    @Test
    void aTextKeyIsHeldOffByEveryUnfinishedChunkOfItsTable() throws Exception {
        try (Rig rig = Rig.shared(NAMED)) {
            try (Bypass source = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
                source.write("INSERT INTO named VALUES "
                        + IntStream.range(0, 40)
                                .mapToObj(i -> "('Key" + (char) ('a' + i % 26) + i + "', " + i + ")")
                                .collect(Collectors.joining(", ")));
            }
            Halt halt = new Halt();
            Node copier = rig.node(
                            "copier", b -> b.chunkRows(10).backfillWorkers(1).seams(inChunk(halt)))
                    .start();
            Rig.enter(copier.dualWrite(), Phase.DUAL_WRITE);
            halt.arm();
            Background<DualWrite.BackfillReport> backfill =
                    Background.run(() -> copier.dualWrite().backfill());
            halt.awaitReached();
            // the last chunk is copied first; all of these are in it, and spelled otherwise than it has read them
            copier.write("UPDATE named SET value = 1000 WHERE name = 'KEYZ25'");
            copier.write("DELETE FROM named WHERE name = 'keyY24'");
            copier.write("UPDATE named SET name = 'KEYX23' WHERE name = 'keyx23'");
            copier.write("UPDATE named SET name = 'aaa' WHERE name = 'keyw22'");
            copier.write("INSERT INTO named VALUES ('KEYW22', 5)");
            rig.log().claim("z25", "SELECT value FROM named WHERE name = 'keyz25'", "1000");
            rig.log().present("named", "name", "KEYX23");
            rig.log().present("named", "name", "aaa");
            rig.log().present("named", "name", "KEYW22");
            rig.log().absent("named", "name", "Keyy24");
            awaitConvergers(rig);
            halt.release();
            assertThat(backfill.result().complete()).isTrue();
            Rig.verify(copier.dualWrite());
            rig.finish();
        }
    }

    @Scenario(116)
    @Test
    @DisplayName("the follower was restored: earlier chunks that an instance remembers are not taken for the new ones")
    void theChunksOfARestoredFollowerAreOthers() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, Side.SOURCE, 1, 31);
            Halt first = new Halt().arm();
            Halt second = new Halt();
            Node node = rig.node(
                            "one",
                            b -> b.chunkRows(10).backfillWorkers(1).seams(new Seams() {
                                @Override
                                public void afterChunkRead() {
                                    first.here();
                                    second.here();
                                }
                            }))
                    .start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            Background<DualWrite.BackfillReport> before =
                    Background.run(() -> node.dualWrite().backfill());
            first.awaitReached();
            // converged beside the chunk, which is the last one: the instance knows the chunks now
            node.write("UPDATE account SET owner = 'early' WHERE id = 5");
            Eventually.eventually().until("converged", () -> rig.queued(Side.SOURCE) == 0);
            first.release();
            assertThat(before.result().complete()).isTrue();

            Rig.enter(node.dualWrite(), Phase.SOURCE_ONLY);
            rig.schema(Side.TARGET).execute("DELETE FROM dualwrite_backfill_chunk");
            rig.schema(Side.TARGET).execute("DELETE FROM account");
            node.write("DELETE FROM account WHERE id <= 20");
            fill(rig, Side.SOURCE, 101, 131);
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            second.arm();
            Background<DualWrite.BackfillReport> after =
                    Background.run(() -> node.dualWrite().backfill());
            second.awaitReached();
            node.write("INSERT INTO account VALUES (1000, 'live', 0, 1)"); // in the last chunk, which is copied first
            awaitConvergers(rig);
            second.release();
            assertThat(after.result().complete()).isTrue();
            rig.log().present("account", "id", 1000);
            rig.finish();
        }
    }

    @Scenario(53)
    @Test
    @DisplayName("two instances copy together; each chunk is copied once, and neither fails when the other ends first")
    void severalInstancesShareOneBackfill() throws Exception {
        for (int round = 0; round < 3; round++) {
            try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
                fill(rig, Side.SOURCE, 1, 401);
                AtomicInteger copied = new AtomicInteger();
                Seams counting = new Seams() {
                    @Override
                    public void afterChunk() {
                        copied.incrementAndGet();
                    }
                };
                List<Node> nodes = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    // a step that may take long is a whole chunk, on a slow machine too
                    nodes.add(rig.node(
                                    "n" + i,
                                    b -> b.chunkRows(10)
                                            .backfillStep(Duration.ofSeconds(5))
                                            .seams(counting))
                            .start());
                }
                Rig.enter(nodes.get(0).dualWrite(), Phase.DUAL_WRITE);
                for (Node node : nodes) {
                    Eventually.eventually()
                            .until(
                                    "all know",
                                    () -> node.dualWrite().ownership().phase() == Phase.DUAL_WRITE);
                }
                List<Background<DualWrite.BackfillReport>> running = nodes.stream()
                        .map(node -> Background.run(() -> node.dualWrite().backfill()))
                        .toList();
                for (Background<DualWrite.BackfillReport> one : running) {
                    assertThat(one.result().complete()).isTrue();
                }
                assertThat(copied).hasValue(40);
                assertThat(rig.ask(Side.TARGET, "SELECT backfill FROM dualwrite_fence WHERE side = 'TARGET'"))
                        .isEqualTo("0");
                assertThat(rig.ask(Side.TARGET, "SELECT COUNT(DISTINCT run), COUNT(*) FROM dualwrite_backfill_chunk"))
                        .isEqualTo("1");
                rig.finish();
            }
        }
    }

    /** @param complete whether the backfill and a verification were over when the tables changed */
    @Scenario(53)
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("what was copied and compared before the tables changed is copied and compared anew")
    void whatWasCopiedByOtherTablesDoesNotCount(boolean complete) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            fill(rig, Side.SOURCE, 1, 31);
            Halt halt = new Halt();
            try (Node before = rig.node(
                            "before", b -> b.chunkRows(10).backfillWorkers(1).seams(inChunk(halt)))
                    .start()) {
                Rig.enter(before.dualWrite(), Phase.DUAL_WRITE);
                if (complete) {
                    assertThat(before.dualWrite().backfill().complete()).isTrue();
                    Rig.verify(before.dualWrite());
                } else {
                    halt.arm();
                    Background<DualWrite.BackfillReport> backfill =
                            Background.run(() -> before.dualWrite().backfill());
                    halt.awaitReached();
                    before.dualWrite().cancelBackfill();
                    halt.release();
                    assertThat(backfill.result().complete()).isFalse();
                }
            }
            rig.both("ALTER TABLE account ADD COLUMN region VARCHAR(10) NOT NULL DEFAULT 'north'");
            rig.schema(Side.SOURCE).execute("UPDATE account SET region = 'south' WHERE id < 4"); // by a script, say
            Node after = rig.node("after", b -> b.chunkRows(10)).start();
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(
                                    after.dualWrite().gate(Phase.REVERSE_WINDOW).failed())
                            .singleElement()
                            .satisfies(check -> {
                                assertThat(check.name()).isEqualTo("verified");
                                assertThat(check.detail())
                                        .contains(complete ? "the tables as they were then" : "nothing was verified");
                            }));
            assertThatThrownBy(after.dualWrite()::verify).hasMessageStartingWith("DW-5003");
            DualWrite.BackfillReport report = after.dualWrite().backfill();
            assertThat(report.complete()).isTrue();
            assertThat(report.rows()).isEqualTo(30);
            Rig.verify(after.dualWrite());
            assertThat(after.dualWrite().gate(Phase.REVERSE_WINDOW).open()).isTrue();
            rig.finish();
        }
    }

    @Scenario({3, 45, 53})
    @Test
    @DisplayName("under writers, deletes, key changes and an outage, interrupted and resumed by another instance")
    void aBackfillUnderFireIsResumedByAnotherInstance() throws Exception {
        long seed = Long.getLong("dualwrite.seed", System.nanoTime());
        System.out.println("-Ddualwrite.seed=" + seed);
        try (Rig rig = Rig.shared(Rig.ACCOUNT, NAMED)) {
            fill(rig, Side.SOURCE, 1, 301);
            fill(rig, Side.TARGET, 250, 350);
            try (Bypass source = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
                source.write("INSERT INTO named VALUES "
                        + IntStream.range(0, 100)
                                .mapToObj(i -> "('Name" + i + "', " + i + ")")
                                .collect(Collectors.joining(", ")));
            }
            AtomicInteger chunks = new AtomicInteger();
            Seams dying = new Seams() {
                @Override
                public void afterChunkRead() {
                    if (chunks.incrementAndGet() == 15) {
                        throw new IllegalStateException("dies in a chunk");
                    }
                }
            };
            Node first = rig.node("first", b -> b.chunkRows(10).seams(dying)).start();
            Node second = rig.node("second", b -> b.chunkRows(10)).start();
            Rig.enter(first.dualWrite(), Phase.DUAL_WRITE);
            AtomicBoolean stop = new AtomicBoolean();
            List<Background<Integer>> writers = new ArrayList<>();
            for (int w = 0; w < 2; w++) {
                Random random = new Random(seed + w);
                int writer = w;
                writers.add(Background.run(() -> {
                    int done = 0;
                    while (!stop.get()) {
                        Background.unlessDeadlock(() -> change(random, writer, second));
                        done++;
                    }
                    return done;
                }));
            }
            try {
                Background<DualWrite.BackfillReport> dead =
                        Background.run(() -> first.dualWrite().backfill());
                try {
                    dead.result();
                    throw new AssertionError("it should have died");
                } catch (IllegalStateException expected) {
                    first.close();
                }
                Background<DualWrite.BackfillReport> resumed =
                        Background.run(() -> second.dualWrite().backfill());
                rig.proxy(Side.TARGET).down();
                Eventually.eventually().until("the outage is felt", () -> rig.queued(Side.SOURCE) > 10);
                rig.proxy(Side.TARGET).pass();
                DualWrite.BackfillReport report = resumed.result();
                assertThat(report.complete()).isTrue();
                assertThat(rig.ask(Side.TARGET, "SELECT MAX(run) % 1000 FROM dualwrite_backfill_chunk"))
                        .as("it was resumed, not started anew")
                        .isEqualTo("0");
            } finally {
                stop.set(true);
            }
            for (Background<Integer> writer : writers) {
                assertThat(writer.result()).isPositive();
            }
            Rig.verify(second.dualWrite());
            rig.finish();
        }
    }

    /** One random change; writers have slots and keys of their own, so that none refuses another. */
    private static void change(Random random, int writer, Node node) throws Exception {
        int id = random.nextInt(150) * 2 + 1 + writer;
        switch (random.nextInt(7)) {
            case 0 -> node.write("DELETE FROM account WHERE id = " + id);
            case 1 -> node.write("UPDATE account SET balance = balance + 1 WHERE id = " + id);
            case 2 ->
                node.transaction(
                        "DELETE FROM account WHERE id IN (" + id + ", " + (id + 1000) + ")",
                        "INSERT INTO account VALUES (" + id + ", 'live', 1, " + (10_000 + id) + ")");
            case 3 ->
                node.transaction(
                        "DELETE FROM account WHERE id = " + (id + 1000),
                        "UPDATE account SET id = " + (id + 1000) + " WHERE id = " + id);
            case 4 ->
                node.write("UPDATE named SET value = value + 1 WHERE name = '"
                        + (random.nextBoolean() ? "NAME" : "name") + (random.nextInt(50) * 2 + writer) + "'");
            case 5 -> {
                int n = random.nextInt(50) * 2 + writer;
                node.transaction(
                        "DELETE FROM named WHERE name = 'name" + n + "'",
                        "INSERT INTO named VALUES ('" + (random.nextBoolean() ? "NAME" : "name") + n + "', 1)");
            }
            default -> {
                int n = random.nextInt(50) * 2 + writer;
                node.write("UPDATE named SET name = 'nAmE" + n + "' WHERE name = 'name" + n + "'");
            }
        }
    }
}
