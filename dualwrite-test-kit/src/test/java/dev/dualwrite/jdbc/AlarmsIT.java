package dev.dualwrite.jdbc;

import static dev.dualwrite.testkit.fault.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.coverage.Scenario;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the host watches goes wrong: before the rollback boundary the way back is gone, after it nobody goes it. */
@Scenario(93)
class AlarmsIT {
    private final AtomicReference<Optional<String>> wrong = new AtomicReference<>(Optional.empty());

    private Node started(Rig rig) {
        Node node = rig.node("one", b -> b.flipBudget(Duration.ofSeconds(5)).stepBackIf("errors", this::ask))
                .start();
        Rig.readyToFlip(node.dualWrite());
        return node;
    }

    private Optional<String> ask() {
        Optional<String> now = wrong.get();
        return now == null ? Optional.empty() : now;
    }

    private static void await(Node node, Phase phase) {
        eventually().until("in " + phase, () -> node.dualWrite().ownership().phase() == phase);
    }

    private static void awaitAudit(Node node, String what) {
        eventually()
                .until(
                        "the audit says " + what,
                        () -> node.dualWrite().audit(1000).stream().anyMatch(line -> line.contains(what)));
    }

    @Test
    void inTheReverseWindowItRollsBackOnceAndReadsAreTakenBackStepByStep() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = started(rig);
            assertThat(node.dualWrite().flip()).isInstanceOf(FlipOutcome.Flipped.class);
            node.write("INSERT INTO account VALUES (1, 'there', 0, NULL)");

            wrong.set(Optional.of("12 errors in a second"));
            await(node, Phase.DUAL_WRITE);
            awaitAudit(node, "errors: 12 errors in a second: Flipped");
            assertThat(node.dualWrite().status().held()).isFalse();
            awaitAudit(node, "in DUAL_WRITE there is nothing to step back from");
            wrong.set(Optional.empty());

            Rig.enter(node.dualWrite(), Phase.SHADOW_READ);
            wrong.set(Optional.of("slow"));
            await(node, Phase.DUAL_WRITE);
            rig.finish();
        }
    }

    @Test
    void ofTwoInstancesOneTakesAStepAndBothWaitWhatItComesTo() throws Exception {
        try (Rig rig = Rig.shared()) {
            Readers readers = new Readers();
            Node node = readers.reading(rig, b -> b.stepBackIf("errors", this::ask));
            Node other = rig.node("two", b -> readers.known(b).stepBackIf("errors", this::ask))
                    .start();
            await(other, Phase.TARGET_READ);

            wrong.set(Optional.of("slow"));
            await(node, Phase.DUAL_WRITE);
            awaitAudit(node, "errors: slow: Entered[phase=DUAL_WRITE");
            wrong.set(Optional.empty());
            assertThat(Duration.between(
                            at(node, "errors: slow: Entered[phase=SHADOW_READ"),
                            at(node, "errors: slow: Entered[phase=DUAL_WRITE")))
                    .isGreaterThan(Duration.ofSeconds(1));
            rig.finish();
        }
    }

    @Test
    void whatASlowAlarmSaysOfThePhaseBeforeTakesNoStep() throws Exception {
        AtomicBoolean slow = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch stepped = new CountDownLatch(1);
        try (Rig rig = Rig.shared()) {
            Node node = new Readers()
                    .reading(
                            rig,
                            b -> b.stepBackIf("errors", () -> {
                                if (!slow.getAndSet(false)) {
                                    asked.incrementAndGet();
                                    return Optional.empty();
                                }
                                try {
                                    stepped.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                return Optional.of("slow");
                            }));
            int entered = asked.get();
            eventually()
                    .until("it may step back again, after as many pauses of 250 ms", () -> asked.get() > entered + 9);
            slow.set(true);
            eventually().until("it is being asked", () -> !slow.get());
            assertThat(node.dualWrite().stepBack()).isInstanceOf(PhaseOutcome.Entered.class);
            await(node, Phase.SHADOW_READ);
            int before = asked.get();
            stepped.countDown();
            eventually().until("it was asked again", () -> asked.get() > before + 1);
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.SHADOW_READ);
            rig.finish();
        }
    }

    private static LocalDateTime at(Node node, String what) {
        String line = node.dualWrite().audit(1000).stream()
                .filter(one -> one.contains(what))
                .findFirst()
                .orElseThrow();
        return LocalDateTime.parse(line.substring(0, 23).replace(' ', 'T'));
    }

    @Test
    void afterTheBoundaryItHoldsAndRollsNothingBack() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = started(rig);
            assertThat(node.dualWrite().flip()).isInstanceOf(FlipOutcome.Flipped.class);
            Rig.enter(node.dualWrite(), Phase.TARGET_ONLY);

            wrong.set(Optional.of("12 errors in a second"));
            awaitAudit(node, "roll forward with repair");
            assertThat(node.dualWrite().status().held()).isTrue();
            assertThat(node.dualWrite().ownership().phase()).isEqualTo(Phase.TARGET_ONLY);
            wrong.set(Optional.empty());
            node.dualWrite().hold(false);
            rig.finish();
        }
    }
}
