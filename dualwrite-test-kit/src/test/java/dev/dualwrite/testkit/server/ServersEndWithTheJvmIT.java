package dev.dualwrite.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.fault.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServersEndWithTheJvmIT {

    private static final Duration START = Duration.ofSeconds(90);

    /** Starts a pair, tells their pids, and waits for somebody to end it. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            PrivateServers servers = PrivateServers.open();
            if (arguments.length > 0) {
                servers.target().pause();
            }
            System.out.println(
                    "PIDS " + servers.source().pid() + " " + servers.target().pid());
            System.out.println("DATA " + servers.source().dataDirectory());
            System.in.read();
        }
    }

    @Test
    void aKilledJvmLeavesNoServerAndNoData() throws Exception {
        check(ChildJvm::kill);
    }

    @Test
    void aKilledJvmLeavesNoStoppedServerEither() throws Exception {
        check(ChildJvm::kill, "pause the target");
    }

    @Test
    void aJvmThatEndsInGoodOrderLeavesNoServerAndNoData() throws Exception {
        check(child -> child.send("end"));
    }

    private static void check(Ending ending, String... arguments) throws Exception {
        try (ChildJvm child = ChildJvm.start(Holder.class, arguments)) {
            String[] pids = child.awaitLine("PIDS ", START).split(" ", -1);
            Path data = Path.of(child.awaitLine("DATA ", START));
            for (String pid : pids) {
                assertThat(ProcessHandle.of(Long.parseLong(pid))).isPresent();
            }
            assertThat(data).exists();
            ending.end(child);
            for (String pid : pids) {
                Eventually.eventually()
                        .until(
                                "server " + pid + " ends",
                                () -> ProcessHandle.of(Long.parseLong(pid))
                                        .map(handle -> !handle.isAlive())
                                        .orElse(true));
            }
            Eventually.eventually().until("the data is deleted", () -> Files.notExists(data));
        }
    }

    private interface Ending {
        void end(ChildJvm child) throws Exception;
    }
}
