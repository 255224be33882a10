package dev.dualwrite.flip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.SimActor.Directive;
import dev.dualwrite.flip.SimWorld.Bug;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What finishing somebody's hand-over answers, and what it says when it cannot. */
class FinishTest {
    private final Sim sim = new Sim(Bug.NONE, Side.SOURCE);
    private final SimActor instance = new SimActor("instance", ignored -> {});

    private boolean finish() throws StoreException {
        return Recovery.finish(
                new SimStore(sim.world(), instance, Side.SOURCE, true),
                new SimStore(sim.world(), instance, Side.TARGET, true),
                Duration.ofSeconds(1));
    }

    /** A flip whose process ends here; the servers have noticed. */
    private void flipUntil(String where) {
        SimActor flip = sim.flip(Side.SOURCE);
        advance(flip, where);
        sim.step(flip, Directive.KILL);
        flip.stores().forEach(SimStore::lose);
    }

    private void advance(SimActor actor, String where) {
        while (!Sim.where(actor).equals(actor.name() + ' ' + where)) {
            assertThat(actor.live()).as("it never comes to '%s'", where).isTrue();
            sim.step(actor, Directive.GO);
        }
    }

    private FenceState state(Side side) {
        return sim.world().row(side).state();
    }

    private void replace(Side side, FenceState state, Phase phase, long epoch, String attempt) {
        FenceRow row = sim.world().row(side);
        sim.world()
                .restore(new SimWorld.Copy(
                        new FenceRow(
                                side,
                                state,
                                phase,
                                epoch,
                                attempt,
                                row.captureEpoch(),
                                row.marking(),
                                row.backfill(),
                                row.frozenFor(),
                                row.budget(),
                                row.serverUuid(),
                                row.actualUuid()),
                        0));
    }

    @Test
    void whatIsHandedOverIsOpenedAndClosedAndOnceMoreChangesNothing() throws StoreException {
        flipUntil("after handOver SOURCE");
        assertThat(finish()).isTrue();
        assertThat(state(Side.SOURCE)).isEqualTo(FenceState.CLOSED);
        assertThat(state(Side.TARGET)).isEqualTo(FenceState.OPEN);
        int done = sim.world().history().size();
        assertThat(finish()).isTrue();
        assertThat(sim.world().history()).hasSize(done);
    }

    @Test
    void whatIsOpenAlreadyIsOnlyClosedOnTheOldSide() throws StoreException {
        flipUntil("after commit TARGET");
        assertThat(state(Side.SOURCE)).isEqualTo(FenceState.HANDED_OVER);
        assertThat(finish()).isTrue();
        assertThat(state(Side.SOURCE)).isEqualTo(FenceState.CLOSED);
        assertThat(sim.violation()).isEmpty();
    }

    @Test
    void whatWasNotHandedOverIsNotFinished() throws StoreException {
        assertThat(finish()).isFalse();
        flipUntil("after freeze SOURCE");
        assertThat(finish()).isFalse();
        assertThat(state(Side.SOURCE)).isEqualTo(FenceState.FROZEN);
        assertThat(state(Side.TARGET)).isEqualTo(FenceState.CLOSED);
    }

    @Test
    void whoReopensAFrozenOwnerHearsWhetherItWasHim() throws StoreException {
        flipUntil("after freeze SOURCE");
        SimStore owner = new SimStore(sim.world(), instance, Side.SOURCE, true);
        assertThat(Recovery.reopen(owner, Duration.ofSeconds(1))).isTrue();
        assertThat(state(Side.SOURCE)).isEqualTo(FenceState.OPEN);
        assertThat(Recovery.reopen(owner, Duration.ofSeconds(1))).isFalse();
    }

    /** Between the first look at the old owner and the lock on it somebody else was there. */
    private boolean finishAfter(Runnable meanwhile) {
        flipUntil("after handOver SOURCE");
        AtomicBoolean answer = new AtomicBoolean();
        SimActor slow = new SimActor("slow", actor -> {
            try (SimStore old = new SimStore(sim.world(), actor, Side.SOURCE, false);
                    SimStore next = new SimStore(sim.world(), actor, Side.TARGET, false)) {
                answer.set(Recovery.finish(old, next, Duration.ofSeconds(1)));
            }
        });
        sim.actors().add(slow);
        advance(slow, "before hold SOURCE");
        meanwhile.run();
        sim.finish(slow, false);
        assertThat(state(Side.TARGET)).as("nothing is opened behind it").isEqualTo(FenceState.CLOSED);
        return answer.get();
    }

    @Test
    void whoComesAfterAnOperatorWhoTookItBackOpensNothing() {
        assertThat(finishAfter(
                        () -> assertThat(sim.world().forceOpen(Side.SOURCE)).isTrue()))
                .isFalse();
        assertThat(state(Side.SOURCE)).isEqualTo(FenceState.OPEN);
    }

    @Test
    void whoComesAfterItWasClosedOpensNothing() {
        assertThat(finishAfter(() -> assertThat(sim.world().close(sim.world().row(Side.SOURCE), "another"))
                        .isTrue()))
                .isTrue();
    }

    @Test
    void whoComesAfterAnotherHandOverOpensNothing() {
        assertThat(finishAfter(() -> replace(Side.SOURCE, FenceState.HANDED_OVER, Phase.DUAL_WRITE, 7, "another")))
                .isFalse();
    }

    @Test
    void aCopyOfTheNextOwnerThatIsOlderThanTheHandOverIsNotOpened() {
        SimWorld.Copy before = sim.world().copy(Side.TARGET);
        flipUntil("after handOver SOURCE");
        sim.world().restore(before);
        assertThatThrownBy(this::finish)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("TARGET is CLOSED at epoch 4 and could not be opened at 7")
                .hasMessageEndingWith("it is a copy that is older than the hand-over");
    }

    @Test
    void anOlderCopyThatOwnedIsNotTakenForTheOneThatWasOpened() {
        flipUntil("after handOver SOURCE");
        replace(Side.TARGET, FenceState.OPEN, Phase.REVERSE_WINDOW, 6, "earlier");
        assertThatThrownBy(this::finish)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("TARGET is OPEN at epoch 6")
                .hasMessageEndingWith("it is a copy that is older than the hand-over");
    }

    @Test
    void aNextOwnerThatStandsAboveTheHandOverIsNotOpened() {
        flipUntil("after handOver SOURCE");
        replace(Side.TARGET, FenceState.CLOSED, Phase.DUAL_WRITE, 7, "later");
        assertThatThrownBy(this::finish)
                .isInstanceOf(StoreException.class)
                .hasMessageEndingWith("it stands above the hand-over, which was taken back or is an older copy itself");
    }

    @Test
    void aHandOverInAPhaseFromWhichNoFlipLeadsIsNotFinished() {
        replace(Side.SOURCE, FenceState.HANDED_OVER, Phase.SOURCE_ONLY, 7, "attempt");
        assertThatThrownBy(this::finish)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("SOURCE is HANDED_OVER in SOURCE_ONLY, from which no flip leads");
    }
}
