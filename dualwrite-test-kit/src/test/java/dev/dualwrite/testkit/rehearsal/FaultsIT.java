package dev.dualwrite.testkit.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.server.PrivateServers;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rehearsals in which servers and instances fail: they hit, nothing is lost, and where they cannot hit they say so. */
class FaultsIT {
    private static final String DDL = "CREATE TABLE visit (id BIGINT AUTO_INCREMENT PRIMARY KEY, n BIGINT);";
    private static final StatementMix MIX = StatementMix.parse("INSERT INTO visit (n) VALUES ({n});");

    private static final class Patient implements DualWriteSetup {
        @Override
        public DualWriteBuilder configure(DualWriteBuilder builder) {
            return builder.flipBudget(Duration.ofSeconds(5));
        }
    }

    private static RehearsalReport rehearsed(DualWriteHarness kit, Fault... faults) {
        RehearsalReport report = kit.rehearsal()
                .load(100, MIX)
                .threads(3)
                .faults(faults)
                .flip()
                .rollback()
                .run();
        assertThat(report.problems()).isEmpty();
        assertThat(report.faults()).hasSize(2 * faults.length);
        return report;
    }

    @Requirement(74)
    @Test
    void aServerThatIsFullOrStandsStillOrIsKilledLosesNothing() throws Exception {
        try (PrivateServers servers = PrivateServers.open();
                DualWriteHarness kit = DualWriteHarness.isolated(servers.source(), servers.target())
                        .schema(DDL)
                        .setup(new Patient())
                        .start()) {
            RehearsalReport report =
                    rehearsed(kit, Faults.FOLLOWER_FULL, Faults.FOLLOWER_STOPPED, Faults.FOLLOWER_KILLED);
            assertThat(report.faults().values())
                    .allSatisfy(hit -> assertThat(hit).contains("changes queued up"));
            if (servers.source().kind() == ServerKind.MYSQL) {
                rehearsed(kit, Faults.FOLLOWER_READ_ONLY);
            } else {
                assertThatThrownBy(() -> rehearsed(kit, Faults.FOLLOWER_READ_ONLY))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("FOLLOWER_READ_ONLY could not be injected")
                        .hasMessageContaining("has no super_read_only");
            }
            kit.oracle().assertHolds();
        }
    }

    @Requirement(74)
    @Test
    void anotherInstanceThatStandsStillOrIsKilledLosesNothing() throws Exception {
        List<ChildJvm> children = new ArrayList<>();
        InstanceFault.Start start = stage -> {
            ChildJvm child = AnotherInstance.start(stage);
            children.add(child);
            return child;
        };
        try (DualWriteHarness kit =
                DualWriteHarness.isolated().schema(DDL).setup(new Patient()).start()) {
            RehearsalReport report = rehearsed(kit, InstanceFault.stopped(start), InstanceFault.killed(start));
            assertThat(report.faults().get("INSTANCE_KILLED before the rollback"))
                    .contains("instance pid-")
                    .contains("was struck");
            assertThat(children).hasSize(4).noneMatch(ChildJvm::isAlive);
            kit.oracle().assertHolds();
        }
    }

    @Test
    void whatCannotBeHitIsRefused() throws Exception {
        try (Schema source = TwoServers.get().source().isolatedSchema("stg");
                Schema target = TwoServers.get().target().isolatedSchema("stg")) {
            source.execute(DDL.replace(";", ""));
            target.execute(DDL.replace(";", ""));
            try (DualWriteHarness kit = DualWriteHarness.between(source.jdbcUrl(), target.jdbcUrl())
                    .tables("visit")
                    .setup(new Patient())
                    .start()) {
                for (Fault fault : List.of(Faults.FOLLOWER_STOPPED, Faults.FOLLOWER_KILLED)) {
                    assertThatThrownBy(() -> rehearsed(kit, fault))
                            .isInstanceOf(AssertionError.class)
                            .hasMessageContaining(fault.name() + " could not be injected")
                            .hasMessageContaining("process");
                }
                assertThatThrownBy(() -> rehearsed(kit, InstanceFault.killed(stage -> {
                            throw new IOException("there is no other instance");
                        })))
                        .hasMessageContaining("INSTANCE_KILLED could not be injected: there is no other instance");
                assertThatThrownBy(() -> rehearsed(kit, InstanceFault.killed(stage -> ChildJvm.start(Idle.class))))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("the other instance has ended by itself");
            }
        }
    }

    /** A process that takes no part in anything. */
    static final class Idle {
        private Idle() {}

        public static void main(String[] arguments) {
            System.out.println("idle");
        }
    }
}
