package dev.dualwrite.campaign;

import dev.dualwrite.jdbc.Inside;
import dev.dualwrite.jdbc.PlantedBug;
import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A test of the campaign: takes one rule after the other out of a copy of the library and runs the campaign on it until
 * it fails. Prints after how many runs, and by which name. The exit code is 1 if a bug was not found.
 *
 * <p>Properties: {@code campaign.runs}, the most for each bug; {@code campaign.plant}, a part of the names of those that
 * are tried, all by default; and those of {@link Campaign}.
 */
public final class Planting {
    private static final String CORE = "dualwrite-core/src/main/java/dev/dualwrite/";
    private static final String JDBC = "dualwrite-jdbc/src/main/java/dev/dualwrite/jdbc/";
    private static final Pattern FOUND =
            Pattern.compile("(?m)^run (\\d+) seed (\\d+) FAILED.*\\n(?:the oracle says no:\\n\\s*)?(.*)");

    static final PlantedBug KEY_CHANGE = new PlantedBug(
            "a change of key captured without the new key",
            JDBC + "boundary/Capture.java",
            List.of(new PlantedBug.Edit("keys.add(new Captured(table, new Key(next)));", "next.size();")));

    /** A savepoint forgets what has to be written before it. */
    static final PlantedBug SAVEPOINT = bug(
            "a savepoint takes the keys that wait for written",
            JDBC + "boundary/Explicit.java",
            "flush(physical); Connection connection = physical.connection();",
            "session.work().written(List.of()); Connection connection = physical.connection();");

    /** What the campaign is to find beside what single tests find: mistakes in other places. */
    private static final List<PlantedBug> OWN = List.of(
            KEY_CHANGE,
            new PlantedBug(
                    "intents taken out before the follower has committed",
                    JDBC + "follower/FollowerTransaction.java",
                    List.of(new PlantedBug.Edit("seams.beforeFollowerCommit();", """
                            try (Connection early = owner.connection()) {
                                owner.queue().remove(early, ((Convergence.Committed) reached).units().stream()
                                        .flatMap(unit -> unit.intents().stream()).toList());
                            }
                            seams.beforeFollowerCommit();"""))),
            SAVEPOINT,
            bug(
                    "a full page taken for the end of its chunk",
                    JDBC + "follower/ChunkStep.java",
                    "boolean toTheEnd = wanted.size() < limit;",
                    "boolean toTheEnd = wanted.size() <= limit;"),
            bug(
                    "a converger that does not lock the chunk of its keys",
                    JDBC + "follower/FollowerTransaction.java",
                    "if (backfill != 0) {",
                    "if (backfill < 0) {"),
            bug(
                    "a recovery that closes the old owner and does not open the new one",
                    CORE + "flip/Recovery.java",
                    "open.commit(); return",
                    "return"),
            bug(
                    "an unanswered hand-over taken for done",
                    CORE + "flip/FlipCoordinator.java",
                    "handed = handedOver(owner.readLocked(GIVING_UP), frozen);",
                    "handed = owner.readLocked(GIVING_UP) != null;"),
            bug("bits carried as text", JDBC + "follower/ColumnCodec.java", "\"bit\",", ""),
            bug(
                    "every element of a batch captured with the values of the first",
                    JDBC + "boundary/BatchCapture.java",
                    "element.parameters()",
                    "batch.elements().get(0).parameters()"),
            bug(
                    "own writes not looked for",
                    JDBC + "runtime/ReadRouting.java",
                    "} else if (why == Why.COHORT && missing) {",
                    "} else if (why == Why.COHORT && missing && tables.isEmpty()) {"),
            bug(
                    "a token that is not waited for",
                    JDBC + "runtime/ReadRouting.java",
                    "((after != null && !reached(now, after))",
                    "((after != null && tables.isEmpty())"),
            bug(
                    "a reader without a key waits for nobody",
                    JDBC + "runtime/RecentWrites.java",
                    "reader.isEmpty() ? tables.containsKey(table)",
                    "reader.isEmpty() ? table.isEmpty()"),
            bug(
                    "what the target lacks is not asked of the source",
                    JDBC + "runtime/ReadRouting.java",
                    "targetFirst.increment(); return true;",
                    "targetFirst.increment(); return tables.isEmpty();"),
            bug(
                    "transactions that are not declared move",
                    JDBC + "boundary/Session.java",
                    "&& (readOnly || (autoCommit && routes().readRoutes().inAutocommit()));",
                    ";"),
            bug(
                    "a transaction that reads stays on the old owner",
                    JDBC + "boundary/Explicit.java",
                    "if (session.work().fence() == null && !session.routes().stillOwns(physical.side())) {",
                    "if (session.work().lost() != null) {"),
            bug(
                    "a transaction that reads stays on the follower after a step back",
                    JDBC + "boundary/Explicit.java",
                    "if (!routes.mayRead(physical.side())) {",
                    "if (session.work().lost() != null) {"),
            bug(
                    "what the phase was half a minute ago decides where reads go",
                    JDBC + "runtime/ReadRouting.java",
                    "EPOCH = Duration.ofMillis(250);",
                    "EPOCH = Duration.ofSeconds(30);"),
            bug(
                    "who owned half a minute ago is read from",
                    JDBC + "runtime/Migration.java",
                    "CONFIRMED = Duration.ofMillis(250);",
                    "CONFIRMED = Duration.ofSeconds(30);"));

    private Planting() {}

    private static PlantedBug bug(String name, String file, String from, String to) {
        return new PlantedBug(name, file, List.of(new PlantedBug.Edit(from, to)));
    }

    /** Plants what the system properties ask for. */
    public static void main(String[] arguments) throws Exception {
        String part = System.getProperty("campaign.plant", "");
        List<PlantedBug> bugs = new ArrayList<>(OWN);
        bugs.addAll(Inside.plantedBugs());
        bugs.removeIf(bug -> !bug.name().contains(part));
        boolean all = true;
        System.out.println("| planted | found in run | seed | seconds | said |\n|---|---|---|---|---|");
        for (PlantedBug bug : bugs) {
            Path folder = Files.createTempDirectory("dualwrite-planted");
            try {
                bug.compile(Path.of(System.getProperty("campaign.modules", "..")), folder);
                all &= found(bug, folder);
            } finally {
                delete(folder);
            }
        }
        System.exit(all ? 0 : 1);
    }

    private static boolean found(PlantedBug bug, Path folder) throws IOException {
        long began = System.nanoTime();
        TwoServers servers = TwoServers.get();
        ChildJvm.Builder campaign = ChildJvm.of(Campaign.class)
                .classPathFirst(folder)
                .property(
                        "dualwrite.servers",
                        servers.source().jdbcUrl("") + ';' + servers.target().jdbcUrl(""))
                .property("org.slf4j.simpleLogger.defaultLogLevel", "off")
                .property("campaign.until", "failure")
                .property("campaign.report", folder.resolve("report.md").toString());
        for (String name : List.of("runs", "minutes", "parallel", "first")) {
            campaign.property("campaign." + name, System.getProperty("campaign." + name, ""));
        }
        try (ChildJvm child = campaign.start()) {
            child.exitCode(Duration.ofHours(2));
            Matcher told = FOUND.matcher(child.output());
            boolean found = told.find();
            System.out.println("| " + bug.name() + " | "
                    + (found
                            ? told.group(1) + " | " + told.group(2) + " | "
                                    + (System.nanoTime() - began) / 1_000_000_000L + " | " + told.group(3)
                            : "not found | | | ")
                    + " |");
            if (!found) {
                System.out.println(child.output());
            }
            return found;
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
