package dev.dualwrite.campaign;

import dev.dualwrite.jdbc.Inside;
import dev.dualwrite.jdbc.PlantedBug;
import dev.dualwrite.jdbc.PlantedBug.Edit;
import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A test of the property of histories: plants one bug after the other in a copy of the library and lets it run until it
 * fails. Prints after how many histories, by which name, and to what the history shrank. The exit code is 1 if a bug was not
 * found.
 *
 * <p>Properties: {@code campaign.minutes}, the most for each bug, by default 2; {@code campaign.plant}, a part of the names of
 * those that are tried, all by default.
 */
public final class PlantingHistories {
    private static final String JDBC = "dualwrite-jdbc/src/main/java/dev/dualwrite/jdbc/";
    private static final String PROPERTY =
            "dev.dualwrite.testkit.history.HistoryPropertiesIT#theOracleHoldsAfterAnyHistory"
                    + "(dev.dualwrite.testkit.history.History)";
    private static final Pattern FOUND = Pattern.compile(
            "(?m)^history (\\d+) failed: (?:the oracle says no:\\n\\s*)?(.{0,160}).*\\n(?s:.*)^FAILURE .*? history: (.*?) again: ");

    private static final List<PlantedBug> BUGS = List.of(
            Planting.KEY_CHANGE,
            new PlantedBug(
                    "of a batch only the first element is captured",
                    JDBC + "boundary/BatchCapture.java",
                    List.of(new Edit("i < elements.size(); i++", "i < Math.min(1, elements.size()); i++"))),
            Planting.SAVEPOINT,
            new PlantedBug(
                    "a row that the owner has not any more stays on the follower",
                    JDBC + "follower/FollowerTransaction.java",
                    List.of(new Edit(
                            "if (wanted == null || (replace && moves(there.getValue(), wanted))) {",
                            "if (wanted != null && replace && moves(there.getValue(), wanted)) {"))),
            new PlantedBug(
                    "who holds a unique value that is needed is not asked",
                    JDBC + "follower/FollowerTransaction.java",
                    List.of(new Edit(
                            "e.getErrorCode() == DUPLICATE_KEY",
                            "e.getErrorCode() == DUPLICATE_KEY && units.isEmpty()"))),
            new PlantedBug(
                    "a chunk that finds rows leaves the rest to others",
                    JDBC + "follower/ChunkStep.java",
                    List.of(new Edit(
                            "mapped.insert(connection, inserts);",
                            "if (inserts.size() == wanted.size()) { mapped.insert(connection, inserts); }"))));

    private PlantingHistories() {}

    /** Plants what the system properties ask for. */
    public static void main(String[] arguments) throws Exception {
        String part = System.getProperty("campaign.plant", "");
        String minutes = System.getProperty("campaign.minutes", "");
        Duration most = Duration.ofMinutes(minutes.isEmpty() ? 2 : Long.parseLong(minutes));
        boolean all = true;
        System.out.println("| planted | found by history | seconds | said | shrunk to |\n|---|---|---|---|---|");
        for (PlantedBug bug : BUGS) {
            if (bug.name().contains(part)) {
                Path folder = Files.createTempDirectory("dualwrite-planted");
                try {
                    bug.compile(Path.of(System.getProperty("campaign.modules", "..")), folder);
                    all &= found(bug, folder, most);
                } finally {
                    Planting.delete(folder);
                }
            }
        }
        System.exit(all ? 0 : 1);
    }

    private static boolean found(PlantedBug bug, Path folder, Duration most) throws IOException {
        long began = System.nanoTime();
        TwoServers servers = TwoServers.get();
        try (ChildJvm child = ChildJvm.of(Inside.oneTest())
                .classPathFirst(folder)
                .property(
                        "dualwrite.servers",
                        servers.source().jdbcUrl("") + ';' + servers.target().jdbcUrl(""))
                .property("org.slf4j.simpleLogger.defaultLogLevel", "off")
                .property("dualwrite.histories.seconds", String.valueOf(most.toSeconds()))
                .arguments(PROPERTY)
                .start()) {
            child.exitCode(most.plus(Duration.ofMinutes(10)));
            Matcher told = FOUND.matcher(child.output());
            boolean found = told.find();
            System.out.println("| " + bug.name() + " | "
                    + (found
                            ? told.group(1) + " | " + (System.nanoTime() - began) / 1_000_000_000L + " | "
                                    + told.group(2) + " | `" + told.group(3) + "`"
                            : "not found | | | ")
                    + " |");
            if (!found) {
                System.out.println(child.output());
            }
            return found;
        }
    }
}
