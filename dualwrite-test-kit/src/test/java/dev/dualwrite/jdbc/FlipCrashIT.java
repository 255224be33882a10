package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipStep;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.ChildJvm;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A coordinator in its own process is killed, or stopped and woken, after each step of the flip, in both directions.
 * Writers of another instance go on by themselves, two sides are never open, nothing is lost, and the woken
 * coordinator harms nothing and tells the truth.
 */
@Scenario({69, 92})
@Requirement({146, 195})
class FlipCrashIT {
    private static final Duration BUDGET = Duration.ofMillis(700);
    private static final Duration SLACK = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(60);

    private enum Fault {
        KILL,
        STOP
    }

    private record Case(Fault fault, FlipStep step, Side from) {}

    /** A coordinator that stands ready. */
    private int started;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void writersGoOnByThemselvesWhateverStepTheCoordinatorIsKilledOrStoppedAfter() throws Exception {
        List<Case> left = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (FlipStep step : FlipStep.values()) {
                for (Side from : Side.values()) {
                    left.add(new Case(fault, step, from));
                }
            }
        }
        try (Rig rig = Rig.shared()) {
            Node node = rig.node(
                            "writer",
                            builder -> builder.heartbeatTimeout(Duration.ofSeconds(2))
                                    .flipBudget(BUDGET))
                    .start();
            Rig.readyToFlip(node.dualWrite());
            StringBuilder told = new StringBuilder();
            try (OneOwner oneOwner = OneOwner.watch(rig);
                    Writers writers = Writers.start(rig, node, 2, 1, Duration.ofMillis(2));
                    Spare spare = new Spare(rig)) {
                Duration worst = Duration.ZERO;
                while (!left.isEmpty()) {
                    Side owner = node.dualWrite().ownership().owner();
                    Case now = left.stream()
                            .filter(one -> one.from() == owner)
                            .findFirst()
                            .orElse(null);
                    if (now == null) {
                        Rig.flipInSomeTries(owner == Side.SOURCE ? node.dualWrite()::flip : node.dualWrite()::rollBack);
                        continue;
                    }
                    left.remove(now);
                    Duration took = run(rig, node, writers, spare, now, told);
                    worst = took.compareTo(worst) > 0 ? took : worst;
                    oneOwner.check();
                }
                System.out.println("writers went on at the latest " + worst.toMillis() + " ms after the fault, budget "
                        + BUDGET.toMillis() + " ms; retries " + writers.retries() + told);
                assertThat(worst).as("%s", told).isLessThan(BUDGET.plus(SLACK));
            }
            rig.finish();
        }
    }

    private Duration run(Rig rig, Node node, Writers writers, Spare spare, Case now, StringBuilder told)
            throws Exception {
        ChildJvm child = spare.take(now.fault() == Fault.KILL);
        standAt(child, now);
        long before = epoch(rig);
        if (now.fault() == Fault.KILL) {
            child.kill();
        } else {
            child.pause();
        }
        Duration took = writers.awaitEach(BUDGET.plus(SLACK).plusSeconds(10));
        boolean handed = now.step() == FlipStep.HAND_OVER
                || now.step() == FlipStep.OPEN_FOLLOWER
                || now.step() == FlipStep.CLOSE_OWNER;
        Side owns = handed ? now.from().other() : now.from();
        settled(rig, owns);
        String outcome = "killed";
        if (now.fault() == Fault.KILL) {
            // an operator excludes an instance that is known to be gone
            for (Side side : Side.values()) {
                rig.schema(side).execute("DELETE FROM dualwrite_instance WHERE instance <> 'writer'");
            }
        } else {
            child.send("go");
            child.resume();
            outcome = child.awaitLine("EVENT OUTCOME ", LONG);
            truthful(rig, now, before, outcome);
        }
        told.append("\n  ")
                .append(now)
                .append(": ")
                .append(took.toMillis())
                .append(" ms, ")
                .append(outcome);
        Eventually.eventually()
                .until(
                        "the instance knows the owner",
                        () -> node.dualWrite().ownership().owner().equals(owner(rig)));
        return took;
    }

    /** Tells it to flip until it stands at the step; under load the budget of one try may not do before it. */
    private static void standAt(ChildJvm child, Case now) throws Exception {
        for (int i = 0; i < 20; i++) {
            child.send((now.from() == Side.SOURCE ? "flip " : "rollBack ") + now.step());
            String told = child.awaitLine("EVENT ", LONG);
            if (told.startsWith("AT ")) {
                return;
            }
            assertThat(told).as("%s", now).startsWith("OUTCOME ").doesNotContain("Unknown");
        }
        throw new AssertionError(now + ": the coordinator does not get there. " + child.output());
    }

    private static void settled(Rig rig, Side owner) {
        Eventually.eventually()
                .until(
                        () -> rig.state(owner).equals("OPEN")
                                && rig.state(owner.other()).equals("CLOSED"),
                        () -> "not settled");
    }

    private static Side owner(Rig rig) throws SQLException {
        return rig.state(Side.SOURCE).equals("OPEN") ? Side.SOURCE : Side.TARGET;
    }

    private static long epoch(Rig rig) throws SQLException {
        long highest = 0;
        for (Side side : Side.values()) {
            highest = Math.max(
                    highest,
                    Long.parseLong(rig.ask(side, "SELECT epoch FROM dualwrite_fence WHERE side = '" + side + "'")));
        }
        return highest;
    }

    /** What the woken coordinator says is what the databases say. */
    private static void truthful(Rig rig, Case now, long before, String outcome) throws Exception {
        Side expected = outcome.startsWith("Flipped") ? now.from().other() : now.from();
        assertThat(outcome).as("%s", now).matches("(Flipped|GaveUp|Refused).*");
        assertThat(owner(rig)).as("%s said %s", now, outcome).isEqualTo(expected);
        assertThat(epoch(rig)).isGreaterThanOrEqualTo(before);
        assertThat(rig.ask(expected, "SELECT phase FROM dualwrite_fence WHERE side = '" + expected + "'"))
                .isEqualTo((expected == Side.SOURCE ? Phase.DUAL_WRITE : Phase.REVERSE_WINDOW).name());
    }

    /** Coordinators: one that is used again and again, and the next that starts while that one is. */
    private final class Spare implements AutoCloseable {
        private final Rig rig;
        private Background<ChildJvm> next;
        private ChildJvm current;

        Spare(Rig rig) throws Exception {
            this.rig = rig;
            this.next = begin();
            this.current = next.result();
            this.next = begin();
        }

        private Background<ChildJvm> begin() {
            String name = "coordinator-" + started++;
            return Background.run(() -> {
                ChildJvm child = Coordinator.start(rig, name, BUDGET);
                child.awaitLine("READY", LONG);
                return child;
            });
        }

        /** @param last whether it does not survive what is done to it */
        ChildJvm take(boolean last) throws Exception {
            ChildJvm taken = current;
            if (last) {
                current = next.result();
                next = begin();
            }
            return taken;
        }

        @Override
        public void close() {
            current.close();
            try {
                next.result().close();
            } catch (Exception e) {
                throw new AssertionError("the next coordinator did not start", e);
            }
        }
    }
}
