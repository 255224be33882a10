package dev.dualwrite.testkit.rehearsal;

import dev.dualwrite.testkit.fault.ChildJvm;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Something that happens to another instance of the application, in a process of its own. It is started for each strike, takes
 * part in the migration until it is struck, and is gone afterwards; the gate waits until it does not count any more. Immutable if
 * its start is.
 */
public final class InstanceFault implements Fault {
    private static final int COMMITS = 20;

    private final String name;
    private final Start start;
    private final Strike strike;

    /** Starts another instance. */
    @FunctionalInterface
    public interface Start {
        /**
         * Starts a process that builds the same migration as the stage's: its name, its tables, the prefix of its control tables,
         * and both databases by {@link dev.dualwrite.testkit.fault.Database#url()}.
         */
        ChildJvm with(Stage stage) throws Exception;
    }

    /** Does it to the process. */
    @FunctionalInterface
    private interface Strike {
        void on(ChildJvm child, Scene scene) throws IOException;
    }

    private InstanceFault(String name, Start start, Strike strike) {
        this.name = name;
        this.start = start;
        this.strike = strike;
    }

    /** The process is killed. */
    public static InstanceFault killed(Start start) {
        return new InstanceFault("INSTANCE_KILLED", start, (child, scene) -> {
            child.kill();
            scene.awaitCommits(COMMITS);
        });
    }

    /** The process is stopped with everything it holds, goes on after some transactions of the others, and is ended. */
    public static InstanceFault stopped(Start start) {
        return new InstanceFault("INSTANCE_STOPPED", start, (child, scene) -> {
            child.pause();
            scene.awaitCommits(COMMITS);
            child.resume();
            scene.awaitCommits(COMMITS);
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String strike(Scene scene) throws Exception {
        Set<String> before = Set.copyOf(instances(scene.stage()));
        try (ChildJvm child = start.with(scene.stage())) {
            scene.await(
                    "another instance takes part in the migration",
                    () -> !child.isAlive() || !before.containsAll(instances(scene.stage())));
            if (!child.isAlive()) {
                throw new AssertionError("the other instance has ended by itself. " + child.output());
            }
            Set<String> others = new HashSet<>(instances(scene.stage()));
            others.removeAll(before);
            strike.on(child, scene);
            return "instance " + String.join(", ", others) + " was struck, and the application went on";
        }
    }

    private static List<String> instances(Stage stage) throws SQLException {
        return stage.owner()
                .column("SELECT instance FROM " + stage.prefix() + "instance WHERE migration = '" + stage.migration()
                        + "' AND heartbeat_at > UTC_TIMESTAMP(6) - INTERVAL 5 SECOND");
    }
}
