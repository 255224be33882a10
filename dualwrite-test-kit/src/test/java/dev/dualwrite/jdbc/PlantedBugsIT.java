package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.jdbc.PlantedBug.Edit;
import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Takes one rule of the protocol out of a copy of the library, and checks that the test which the rule is
 * there for fails, and with the words that the rule's loss must be told in: a test that fails for another reason has
 * found nothing. A test of the tests: with none of these failing, {@link InterleavingIT} proves nothing.
 */
class PlantedBugsIT {

    /**
     * A rule that is taken out.
     *
     * @param test the class and method that has to fail
     * @param says what its failure has to say, as a regular expression
     */
    record Bug(PlantedBug planted, String test, String says) {
        Bug(String name, String file, List<Edit> edits, String test, String says) {
            this(new PlantedBug(name, file, edits), test, says);
        }

        String name() {
            return planted.name();
        }

        @Override
        public String toString() {
            return name();
        }
    }

    private static final String INTERLEAVING = InterleavingIT.class.getName() + "#";
    private static final String FENCE = "dev.dualwrite.jdbc.control.FenceTableIT#";
    private static final String JDBC = "dualwrite-jdbc/src/main/java/dev/dualwrite/jdbc/";

    static Stream<Bug> bugs() {
        return Stream.of(
                new Bug(
                        "converger without the follower's fence check",
                        JDBC + "follower/FollowerTransaction.java",
                        List.of(
                                new Edit("row.state() != FenceState.CLOSED", "row.state() == FenceState.HANDED_OVER"),
                                new Edit("Direction.whyNotCopy(from, to)", "Optional.<String>empty()")),
                        INTERLEAVING + "aConvergerThatSleptThroughAFlipWritesNothing",
                        "expected: \"1000.00\" but was: \"\\d+.00\""),
                new Bug(
                        "owner read before the locks",
                        JDBC + "follower/FollowerTransaction.java",
                        List.of(
                                new Edit(
                                        "wait ? follower.lanes().lock(connection, lanes)"
                                                + " : follower.lanes().lockFree(connection, lanes);",
                                        "lanes;"),
                                new Edit(
                                        "seams.afterOwnerRead();",
                                        "seams.afterOwnerRead(); follower.lanes().lock(connection,"
                                                + " units.stream().map(WorkUnit::lane).toList());")),
                        INTERLEAVING + "theLaterOfTwoConvergersReadsTheNewerRow",
                        "the oracle says no: .*balance source 1000.00, target 2.00"),
                new Bug(
                        "a converger that does not lock the chunk of its keys",
                        JDBC + "follower/FollowerTransaction.java",
                        List.of(new Edit("if (backfill != 0) {", "if (backfill < 0) {")),
                        "dev.dualwrite.jdbc.BackfillIT#aTextKeyIsHeldOffByEveryUnfinishedChunkOfItsTable",
                        "not equal: .*DIFFERENT named"),
                new Bug(
                        "hand-over judged by the epoch alone",
                        "dualwrite-core/src/main/java/dev/dualwrite/flip/FlipCoordinator.java",
                        List.of(new Edit(
                                "return now.attempt().equals(frozen.attempt())"
                                        + " && (now.state() == FenceState.HANDED_OVER"
                                        + " || now.state() == FenceState.CLOSED);",
                                "return now.epoch() == frozen.epoch() + 1;")),
                        INTERLEAVING + "aHandOverThatWasOvertakenByARecoveryOpensNothing",
                        "actual: Flipped.*not to be an instance of"),
                new Bug(
                        "compare-and-set on the epoch alone",
                        JDBC + "control/FenceTable.java",
                        List.of(new Edit(
                                "WHERE %s AND state = '%s' AND epoch = %d AND attempt = '%s'%s",
                                "WHERE %s AND '%s' <> '' AND epoch = %d AND '%s' <> ''%s")),
                        FENCE + "whatWasSeenMustStillBeTrueInStateEpochAndAttempt",
                        "of a row that is .* Expecting value to be false"),
                new Bug(
                        "lanes added without reading again",
                        JDBC + "follower/FollowerTransaction.java",
                        List.of(
                                new Edit(
                                        "mapping.readOwner(reader, keys)",
                                        "stale(mapping, keys, mapping.readOwner(reader, keys), replace)"),
                                new Edit("private Optional<String> whyStop(", """
                                        private static final Map<String, RowImage> STALE = new java.util.concurrent.ConcurrentHashMap<>();

                                        private Map<Integer, RowImage> stale(
                                                Mapping mapping, List<Key> keys, Map<Integer, RowImage> rows, boolean again) {
                                            for (int i = 0; i < keys.size(); i++) {
                                                String name = seams.toString() + mapping.key().table() + keys.get(i);
                                                if (again && STALE.containsKey(name)) {
                                                    rows.put(i, STALE.get(name));
                                                } else if (rows.containsKey(i)) {
                                                    STALE.put(name, rows.get(i));
                                                }
                                            }
                                            return rows;
                                        }

                                        private Optional<String> whyStop(""")),
                        INTERLEAVING + "unitsThatAClashAddsAreConvergedFromRowsReadAnew",
                        "the oracle says no: .*balance source 7[78].00, target 1.00"),
                new Bug(
                        "intents deleted by range",
                        JDBC + "control/IntentQueue.java",
                        List.of(new Edit(
                                "return \" WHERE \" + queue + \" AND marked = 0 AND (lane, id) IN (\"",
                                "return \" WHERE \" + queue + \" AND marked = 0 AND lane IN (SELECT k.l FROM (SELECT \""
                                        + " + intents.iterator().next().lane() + \" AS l) k) OR (lane, id) IN (\"")),
                        INTERLEAVING + "anIntentThatCameLaterIsNotTakenOut",
                        "the oracle says no: .*balance source 3.00, target 2.00"),
                new Bug(
                        "intent insert that does not check the fence",
                        JDBC + "control/IntentWriter.java",
                        List.of(new Edit(
                                "\" AND f.state = 'OPEN' AND f.epoch = \"", "\" AND f.state <> '' AND 0 <> \"")),
                        INTERLEAVING + "anInstanceThatMissedAFlipCommitsNothingOnTheOldOwner",
                        "told to be committed: .* gives 2.00, not 3.00"),
                new Bug(
                        "a transaction of two migrations",
                        JDBC + "boundary/Session.java",
                        List.of(new Edit(
                                "if (work.domain() != null || work.fence() != null) {",
                                "if (work.domain() != null && work.domain().isEmpty()) {")),
                        "dev.dualwrite.jdbc.SeveralMigrationsIT#aKeyBelongsToTheMigrationOfTheNextStatement",
                        "Expecting code to raise a throwable"),
                new Bug(
                        "a table that another migration moves",
                        JDBC + "runtime/Start.java",
                        List.of(new Edit(
                                "places.of(side).taken().ifPresent(",
                                "places.of(side).taken().filter(String::isEmpty).ifPresent(")),
                        "dev.dualwrite.jdbc.WrongTargetIT#tablesOfAnotherMigrationAreRefusedAtTheStartAndByTheGate",
                        "Expecting code to raise a throwable"),
                new Bug(
                        "findings that do not close the gate",
                        JDBC + "runtime/Findings.java",
                        List.of(new Edit(
                                "return left.isEmpty() ? Optional.empty()",
                                "return !left.isEmpty() ? Optional.empty()")),
                        "dev.dualwrite.jdbc.UnlikeSidesIT#keysThatOnlyTheTargetHoldsForEqualAreToldAtTheStart",
                        "Expecting actual: \\[\\] to contain exactly .*target-as-wide"),
                new Bug(
                        "counters that are not read",
                        JDBC + "runtime/FlipPreparation.java",
                        List.of(new Edit("if (!counted.isEmpty()) {", "if (counted.contains(\"\")) {")),
                        "dev.dualwrite.jdbc.OutsideWriterIT#whereTheLogMayNotBeReadTheCountersTell",
                        "GaveUp.* but was instance of: .*Flipped"));
    }

    /** What the others are held against: without a bug the child passes each of these tests. */
    @Test
    void withoutABugTheChildPassesAllOfThem() throws Exception {
        try (ChildJvm child = ChildJvm.of(OneTest.class)
                .property("dualwrite.servers", servers())
                .arguments(bugs().map(Bug::test).toArray(String[]::new))
                .start()) {
            assertThat(child.awaitLine("VERDICT ", Duration.ofMinutes(4)))
                    .as(child::output)
                    .startsWith("passed");
        }
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void isFoundByItsTest(Bug bug) throws Exception {
        Path modules = Path.of(System.getProperty("basedir", ".")).resolve("..");
        Path folder = Files.createTempDirectory("dualwrite-planted");
        try {
            bug.planted().compile(modules, folder);
            Pattern found = Pattern.compile("FAILURE [^\\n]*(?:" + bug.says() + ")");
            String said = run(bug, folder);
            if (!found.matcher(said).find()) {
                said = run(bug, folder); // on a machine that is too busy a test may fail before it gets there
            }
            assertThat(said)
                    .as("with '%s' planted, %s must fail by what it is there for", bug.name(), bug.test())
                    .containsPattern(found);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted((a, b) -> b.compareTo(a))
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** What the test says with the bug planted; it must not pass. */
    private static String run(Bug bug, Path folder) throws IOException {
        try (ChildJvm child = ChildJvm.of(OneTest.class)
                .classPathFirst(folder)
                .property("dualwrite.servers", servers())
                .arguments(bug.test())
                .start()) {
            String verdict = child.awaitLine("VERDICT ", Duration.ofMinutes(2));
            assertThat(verdict)
                    .as("with '%s' planted, %s must fail; it said:%n%s", bug.name(), bug.test(), child.output())
                    .isIn("failed", "broke");
            return child.output();
        }
    }

    /** The servers that all tests share: a child that starts its own takes several times as long. */
    private static String servers() {
        TwoServers servers = TwoServers.get();
        return servers.source().jdbcUrl("") + ';' + servers.target().jdbcUrl("");
    }
}
