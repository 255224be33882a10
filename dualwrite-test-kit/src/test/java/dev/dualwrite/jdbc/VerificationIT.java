package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Verification finds what differs and nothing else, while both sides live. */
class VerificationIT {
    private static final String NAMED =
            "CREATE TABLE named (name VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY,"
                    + " value INT NOT NULL) ENGINE=InnoDB";

    private static void fill(Rig rig, int from, int to) throws Exception {
        try (Bypass writer = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
            writer.write("INSERT INTO account (id, owner, balance, slot) VALUES "
                    + IntStream.range(from, to)
                            .mapToObj(i -> "(" + i + ", 'before', " + i + ", " + (10_000 + i) + ")")
                            .collect(Collectors.joining(", ")));
        }
    }

    private static Bypass rogue(Rig rig) throws Exception {
        return Bypass.of(rig.schema(Side.TARGET).jdbcUrl());
    }

    @Scenario({106, 107})
    @Requirement({215, 270, 315, 316, 357})
    @Test
    @DisplayName("a missing, an extra, a different row and two swapped ones are found by name, and repaired")
    void whatIsPlantedIsFoundByClassAndMended() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, NAMED)) {
            fill(rig, 1, 101);
            Node node = rig.node("one").start();
            for (int i = 0; i < 20; i++) {
                node.write("INSERT INTO named VALUES ('Name" + i + "', " + i + ")");
                rig.log().present("named", "name", "Name" + i);
            }
            Rig.readyToFlip(node.dualWrite());
            try (Bypass rogue = rogue(rig)) {
                rogue.write("DELETE FROM account WHERE id = 10");
                rogue.write("INSERT INTO account VALUES (10001, 'extra', 0, NULL)");
                rogue.write("INSERT INTO account VALUES (-5, 'extra before all', 0, NULL)");
                rogue.write("UPDATE account SET owner = 'x', balance = 0 WHERE id = 20");
                rogue.write("UPDATE account SET slot = NULL WHERE id = 30");
                rogue.write("UPDATE account SET slot = 10030 WHERE id = 31");
                rogue.write("UPDATE account SET slot = 10031 WHERE id = 30");
                rogue.write("UPDATE named SET name = 'NAME3' WHERE name = 'name3'");
                rogue.write("UPDATE named SET name = 'name4 ' WHERE name = 'name4'");
                rogue.write("DELETE FROM named WHERE name = 'name5'");
                rogue.write("INSERT INTO named VALUES ('nAmE5x', 1)");
            }
            DualWrite.VerificationReport report = node.dualWrite().verify();
            assertThat(report.complete()).isTrue();
            assertThat(report.equal()).isFalse();
            assertThat(report.divergences())
                    .hasSize(10)
                    .contains("MISSING account 10", "EXTRA account 10001", "EXTRA account -5")
                    .contains("DIFFERENT account 20 (owner, balance)")
                    .contains("DIFFERENT account 30 (slot)", "DIFFERENT account 31 (slot)")
                    .contains("MISSING named Name5", "EXTRA named nAmE5x")
                    .anyMatch(found -> found.matches("DIFFERENT named (?i)name3 \\(name\\)"))
                    .anyMatch(found -> found.matches(
                            "DIFFERENT named (?i)name4 ?\\(name\\)|DIFFERENT named (?i)name4  ?\\(name\\)"));
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).open()).isFalse();
            assertThat(node.dualWrite().repair()).isEqualTo(10);
            Eventually.eventually().until("repaired", () -> rig.queued(Side.SOURCE) == 0);
            Rig.verify(node.dualWrite());
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_divergence"))
                    .isEqualTo("0");
            rig.finish();
        }
    }

    @Scenario({109, 112})
    @Requirement(318)
    @Test
    @DisplayName("rows without their parent are found, whichever side they are on, and close the gate")
    void aRowWithoutItsParentIsFound() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT)) {
            rig.both("CREATE TABLE depot (id INT PRIMARY KEY) ENGINE=InnoDB");
            rig.both("INSERT INTO depot VALUES (1), (2)");
            rig.both("CREATE TABLE item (id INT PRIMARY KEY, depot INT NULL, account BIGINT NULL,"
                    + " CONSTRAINT item_depot FOREIGN KEY (depot) REFERENCES depot (id),"
                    + " CONSTRAINT item_account FOREIGN KEY (account) REFERENCES account (id)) ENGINE=InnoDB");
            rig.tables().add("item");
            fill(rig, 1, 4);
            Node node = rig.node("one").start();
            node.write("INSERT INTO item VALUES (1, 1, 1), (2, 2, NULL), (3, NULL, 3)");
            rig.log().present("item", "id", 1);
            Rig.readyToFlip(node.dualWrite());

            // a parent that does not move is missing on the follower
            rig.schema(Side.TARGET).execute("SET foreign_key_checks = 0", "DELETE FROM depot WHERE id = 2");
            DualWrite.VerificationReport report = node.dualWrite().verify();
            assertThat(report.divergences()).containsExactly("ORPHAN item 2 (item_depot to depot on TARGET)");
            assertThat(report.equal()).isFalse();
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).toString()).contains("item 2 ORPHAN");
            rig.schema(Side.TARGET).execute("INSERT INTO depot VALUES (2)");
            Rig.verify(node.dualWrite());

            // one that moves is missing on both sides, as it was before the migration began
            try (Bypass rogue = Bypass.of(rig.schema(Side.SOURCE).jdbcUrl())) {
                rogue.write("SET foreign_key_checks = 0");
                rogue.write("INSERT INTO item VALUES (4, 1, 77)");
            }
            try (Bypass rogue = rogue(rig)) {
                rogue.write("SET foreign_key_checks = 0");
                rogue.write("INSERT INTO item VALUES (4, 1, 77)");
            }
            assertThat(node.dualWrite().verify().divergences())
                    .singleElement()
                    .asString()
                    .matches("ORPHAN item 4 \\(.* to account on SOURCE\\)");
            node.write("DELETE FROM item WHERE id = 4");
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    @Scenario({106, 108})
    @Requirement({270, 357})
    @Test
    @DisplayName("what a rogue wrote on the candidate is found, and the gate says no until it is mended")
    void aRogueWriteOnTheCandidateClosesTheGate() throws Exception {
        try (Rig rig = Rig.shared()) {
            fill(rig, 1, 51);
            Node node = rig.node("one", b -> b.backfillWorkers(1)).start();
            Rig.readyToFlip(node.dualWrite());
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).open()).isTrue();
            try (Bypass rogue = rogue(rig)) {
                rogue.write("UPDATE account SET balance = balance + 1 WHERE id = 7");
            }
            assertThat(node.dualWrite().verify().divergences()).containsExactly("DIFFERENT account 7 (balance)");
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).failed())
                    .singleElement()
                    .satisfies(check -> assertThat(check.detail()).contains("account 7 DIFFERENT"));
            assertThat(node.dualWrite().verificationProgress().running()).isFalse();
            assertThat(node.dualWrite().verificationProgress().rows()).isEqualTo(50);
            node.dualWrite().repair();
            Eventually.eventually().until("repaired", () -> rig.queued(Side.SOURCE) == 0);
            Rig.verify(node.dualWrite());
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }

    @Test
    @DisplayName("it begins behind every open transaction, and says so if one does not end")
    void anOpenTransactionIsNamedAsWhatItWaitsFor() throws Exception {
        try (Rig rig = Rig.shared()) {
            fill(rig, 1, 11);
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.dualWrite().backfill();
            try (Connection connection = node.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate("UPDATE account SET balance = 7 WHERE id = 1");
                }
                assertThatThrownBy(() -> node.dualWrite().verify()).hasMessageContaining("DW-5014");
                connection.commit();
            }
            rig.log().claim("balance", "SELECT balance FROM account WHERE id = 1", "7.00");
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    @Scenario(110)
    @Test
    @DisplayName("what is queued and not converged is in flight, not a divergence")
    void aPendingIntentIsNoFalseAlarm() throws Exception {
        try (Rig rig = Rig.shared()) {
            fill(rig, 1, 51);
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            Halt halt = new Halt();
            node.dualWrite().kill(true);
            node.write("UPDATE account SET owner = 'pending' WHERE id = 1");
            node.write("DELETE FROM account WHERE id = 2");
            node.write("INSERT INTO account VALUES (3000, 'pending', 1, NULL)");
            Node verifier = rig.node(
                            "verifier",
                            b -> b.workers(1).seams(new Seams() {
                                @Override
                                public void afterPeek() {
                                    halt.here();
                                }
                            }))
                    .start();
            node.close();
            halt.arm();
            verifier.dualWrite().kill(false);
            halt.awaitReached();
            Background<DualWrite.VerificationReport> verification =
                    Background.run(() -> verifier.dualWrite().verify());
            Eventually.eventually()
                    .until(
                            "the verification has begun",
                            () -> rig.ask(
                                            Side.SOURCE,
                                            "SELECT COUNT(*) FROM dualwrite_verification WHERE state = 'RUNNING'")
                                    .equals("1"));
            assertThat(verification.done()).isFalse();
            halt.release();
            DualWrite.VerificationReport report = verification.result();
            assertThat(report.divergences()).isEmpty();
            assertThat(report.complete()).isTrue();
            rig.log().present("account", "id", 3000);
            rig.log().absent("account", "id", 2);
            rig.finish();
        }
    }

    @Scenario(110)
    @Test
    @DisplayName("under load and an outage no false alarm is raised, and a planted row is found all the same")
    void verifyingUnderLoadFindsThePlantedRowAndNothingElse() throws Exception {
        long seed = Long.getLong("dualwrite.seed", System.nanoTime());
        System.out.println("-Ddualwrite.seed=" + seed);
        try (Rig rig = Rig.shared()) {
            fill(rig, 1, 3001);
            Node one = rig.node("one").start();
            Node two = rig.node("two").start();
            Rig.readyToFlip(one.dualWrite());
            AtomicBoolean stop = new AtomicBoolean();
            List<Background<Integer>> writers = new ArrayList<>();
            for (Node node : List.of(one, two)) {
                Random random = new Random(seed + writers.size());
                int parity = writers.size();
                writers.add(Background.run(() -> {
                    int done = 0;
                    while (!stop.get()) {
                        int id = random.nextInt(1400) * 2 + parity + 1;
                        int kind = random.nextInt(3);
                        Background.unlessDeadlock(() -> {
                            switch (kind) {
                                case 0 -> node.write("UPDATE account SET balance = balance + 1 WHERE id = " + id);
                                case 1 -> node.write("DELETE FROM account WHERE id = " + id);
                                default ->
                                    node.transaction(
                                            "DELETE FROM account WHERE id = " + id,
                                            "INSERT INTO account VALUES (" + id + ", 'live', 1, " + (10_000 + id)
                                                    + ")");
                            }
                        });
                        done++;
                    }
                    return done;
                }));
            }
            try {
                for (int i = 0; i < 3; i++) {
                    DualWrite.VerificationReport quiet = one.dualWrite().verify();
                    assertThat(quiet.divergences()).isEmpty();
                }
                try (Bypass rogue = rogue(rig)) {
                    rogue.write("UPDATE account SET owner = 'rogue' WHERE id = 2900");
                    rogue.write("INSERT INTO account VALUES (99999, 'rogue', 0, NULL)");
                }
                rig.proxy(Side.TARGET).down();
                Eventually.eventually().until("the outage is felt", () -> rig.queued(Side.SOURCE) > 10);
                Background<Object> during = Background.run(() -> {
                    try {
                        return one.dualWrite().verify();
                    } catch (DualWriteException e) {
                        return e;
                    }
                });
                rig.proxy(Side.TARGET).pass();
                if (during.result() instanceof DualWrite.VerificationReport report) {
                    assertThat(report.divergences())
                            .isSubsetOf("EXTRA account 99999", "DIFFERENT account 2900 (owner)");
                }
                Eventually.eventually()
                        .untilAsserted(() -> assertThat(one.dualWrite().verify().divergences())
                                .containsExactlyInAnyOrder("EXTRA account 99999", "DIFFERENT account 2900 (owner)"));
                assertThat(one.dualWrite().repair()).isEqualTo(2);
            } finally {
                stop.set(true);
            }
            for (Background<Integer> writer : writers) {
                assertThat(writer.result()).isPositive();
            }
            Eventually.eventually().until("drained", () -> rig.queued(Side.SOURCE) == 0);
            Rig.verify(two.dualWrite());
            rig.finish();
        }
    }

    @Scenario(110)
    @Test
    @DisplayName("a verification that was interrupted goes on in another instance, from the page that is durable")
    void anInterruptedVerificationGoesOnWhereItWas() throws Exception {
        try (Rig rig = Rig.shared()) {
            fill(rig, 1, 3501);
            AtomicInteger pages = new AtomicInteger();
            Node first = rig.node(
                            "first",
                            b -> b.seams(new Seams() {
                                @Override
                                public void afterVerifiedPage() {
                                    if (pages.incrementAndGet() == 1) {
                                        throw new IllegalStateException("dies behind a page");
                                    }
                                }
                            }))
                    .start();
            Rig.enter(first.dualWrite(), Phase.DUAL_WRITE);
            first.dualWrite().backfill();
            try (Bypass rogue = rogue(rig)) {
                rogue.write("DELETE FROM account WHERE id = 500");
            }
            assertThatThrownBy(() -> first.dualWrite().verify()).hasMessage("dies behind a page");
            first.close();
            assertThat(rig.ask(Side.SOURCE, "SELECT row_count FROM dualwrite_verification"))
                    .isEqualTo("1000");
            AtomicInteger more = new AtomicInteger();
            Node second = rig.node(
                            "second",
                            b -> b.seams(new Seams() {
                                @Override
                                public void afterVerifiedPage() {
                                    more.incrementAndGet();
                                }
                            }))
                    .start();
            second.write("UPDATE account SET owner = 'changed behind the page' WHERE id = 100");
            rig.log().claim("100", "SELECT owner FROM account WHERE id = 100", "changed behind the page");
            DualWrite.VerificationReport report = second.dualWrite().verify();
            assertThat(report.complete()).isTrue();
            assertThat(report.rows()).isEqualTo(3500);
            assertThat(report.divergences())
                    .as("found before the interruption, and not forgotten")
                    .containsExactly("MISSING account 500");
            assertThat(more.get()).as("there was something left").isPositive();
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_verification"))
                    .as("it is the same verification, and no row was counted twice")
                    .isEqualTo("1");
            second.dualWrite().repair();
            Eventually.eventually().until("repaired", () -> rig.queued(Side.SOURCE) == 0);
            Rig.verify(second.dualWrite());
            rig.finish();
        }
    }

    @Test
    void twoInstancesThatVerifyTogetherBothHearTheTruth() throws Exception {
        try (Rig rig = Rig.shared()) {
            fill(rig, 1, 4501);
            Node one = rig.node("one").start();
            Node two = rig.node("two").start();
            Rig.readyToFlip(one.dualWrite());
            try (Bypass rogue = rogue(rig)) {
                rogue.write("DELETE FROM account WHERE id IN (7, 2500, 4499)");
            }
            List<Background<DualWrite.VerificationReport>> both = Stream.of(one, two)
                    .map(node -> Background.run(() -> node.dualWrite().verify()))
                    .toList();
            for (Background<DualWrite.VerificationReport> report : both) {
                assertThat(report.result().complete()).isTrue();
                assertThat(report.result().divergences())
                        .containsExactlyInAnyOrder("MISSING account 7", "MISSING account 2500", "MISSING account 4499");
            }
            assertThat(two.dualWrite().repair()).isEqualTo(3);
            Eventually.eventually().until("repaired", () -> rig.queued(Side.SOURCE) == 0);
            Rig.verify(one.dualWrite());
            rig.finish();
        }
    }

    @Test
    void aRogueRowIsMendedByTheNextChangeOfItsKey() throws Exception {
        try (Rig rig = Rig.shared()) {
            fill(rig, 1, 11);
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            try (Bypass rogue = rogue(rig)) {
                rogue.write("UPDATE account SET owner = 'rogue' WHERE id = 3");
            }
            node.write("UPDATE account SET balance = 77 WHERE id = 3");
            Eventually.eventually().until("converged", () -> rig.queued(Side.SOURCE) == 0);
            assertThat(rig.ask(Side.TARGET, "SELECT owner FROM account WHERE id = 3"))
                    .isEqualTo("before");
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }

    @Scenario(105)
    @Test
    @DisplayName("marks vanish once they are verified; old runs of backfill and verification are forgotten")
    void controlTablesDoNotGrow() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one", b -> b.chunkRows(10)).start();
            fill(rig, 1, 101);
            Rig.readyToFlip(node.dualWrite());
            for (int i = 0; i < 300; i++) {
                node.write("UPDATE account SET balance = balance + 1 WHERE id = " + (1 + i % 100));
            }
            Eventually.eventually()
                    .until(
                            "neither intents nor marks are left",
                            () -> rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_intent")
                                    .equals("0"));
            for (int i = 0; i < 8; i++) {
                Rig.verify(node.dualWrite());
            }
            assertThat(Integer.parseInt(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_verification")))
                    .isLessThanOrEqualTo(6);
            for (int i = 0; i < 2; i++) {
                Rig.enter(node.dualWrite(), Phase.SOURCE_ONLY);
                Rig.readyToFlip(node.dualWrite());
                assertThat(rig.ask(Side.TARGET, "SELECT COUNT(DISTINCT run) FROM dualwrite_backfill_chunk"))
                        .isEqualTo("1");
            }
            Rig.flipInSomeTries(node.dualWrite()::flip);
            for (int i = 0; i < 100; i++) {
                node.write("UPDATE account SET balance = balance + 1 WHERE id = " + (1 + i));
            }
            Eventually.eventually().until("converged back", () -> rig.queued(Side.TARGET) == 0);
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            Eventually.eventually().untilAsserted(() -> {
                for (Side side : Side.values()) {
                    assertThat(rig.ask(side, "SELECT COUNT(*) FROM dualwrite_intent"))
                            .isEqualTo("0");
                    assertThat(rig.ask(side, "SELECT COUNT(*) FROM dualwrite_parked"))
                            .isEqualTo("0");
                    assertThat(rig.ask(side, "SELECT COUNT(*) FROM dualwrite_divergence"))
                            .isEqualTo("0");
                    assertThat(rig.ask(side, "SELECT COUNT(*) FROM dualwrite_instance"))
                            .isEqualTo("1");
                }
            });
            node.close();
            for (Side side : Side.values()) {
                assertThat(rig.ask(side, "SELECT COUNT(*) FROM dualwrite_instance"))
                        .as("an instance that ended signs off")
                        .isEqualTo("0");
            }
            rig.finish();
        }
    }
}
