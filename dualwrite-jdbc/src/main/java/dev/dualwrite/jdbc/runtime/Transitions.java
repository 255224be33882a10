package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.flip.FenceStore;
import dev.dualwrite.flip.FlipCoordinator;
import dev.dualwrite.flip.StoreException;
import dev.dualwrite.jdbc.control.ControlSide;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Changes of phase and of ownership, one at a time in this process; between processes the fence decides.
 * Thread-safe.
 */
public final class Transitions {
    private final Settings settings;
    private final Places places;
    private final Beliefs beliefs;
    private final Pulses pulses;
    private final Gate gate;
    private final FlipPreparation preparation;
    private final Audit audit;
    private final Seams seams;
    private final Nobody nobody;
    private final ReentrantLock oneFlip = new ReentrantLock();

    Transitions(
            Settings settings,
            Places places,
            Beliefs beliefs,
            Pulses pulses,
            Gate gate,
            FlipPreparation preparation,
            Audit audit,
            Seams seams,
            Nobody nobody) {
        this.settings = settings;
        this.places = places;
        this.beliefs = beliefs;
        this.pulses = pulses;
        this.gate = gate;
        this.preparation = preparation;
        this.audit = audit;
        this.seams = seams;
        this.nobody = nobody;
    }

    /** Takes everybody out of the cohort. */
    @FunctionalInterface
    interface Nobody {
        void reset() throws SQLException;
    }

    /** The gate of a change to this phase, evaluated now. */
    public GateReport gate(Phase to) throws SQLException {
        ControlSide owner = places.of(beliefs.owner()).control();
        try (Connection connection = owner.connection()) {
            return gate.evaluate(owner.fence().read(connection).orElseThrow(), to);
        }
    }

    /** The gate of letting more readers read from the follower, evaluated now. */
    public GateReport growthGate() throws SQLException {
        ControlSide owner = places.of(beliefs.owner()).control();
        try (Connection connection = owner.connection()) {
            return gate.evaluateGrowth(owner.fence().read(connection).orElseThrow());
        }
    }

    /** Moves ownership to the phase that a flip from the present one leads to. */
    public FlipOutcome flip(Phase to) {
        oneFlip.lock();
        try {
            return flipNow(to);
        } finally {
            oneFlip.unlock();
        }
    }

    /** Two sides that claim to own, or one that has fallen back: an operator settles that, not a change of phase. */
    private Optional<GateReport> doubted(Side side, Phase to) {
        return beliefs.contradiction(side)
                .map(what -> new GateReport(
                        beliefs.ownership().phase(),
                        to,
                        List.of(new GateReport.Check("servers-as-known", false, what))));
    }

    private FlipOutcome flipNow(Phase to) {
        Side side = beliefs.owner();
        Optional<GateReport> doubted = doubted(side, to);
        if (doubted.isPresent()) {
            return new FlipOutcome.Refused(doubted.get());
        }
        try (FenceStore owner = new SqlFenceStore(places.of(side), settings.flipBudget(), pulses);
                FenceStore follower = new SqlFenceStore(places.of(side.other()), settings.flipBudget(), pulses)) {
            FlipOutcome outcome = new FlipCoordinator(
                            owner,
                            follower,
                            preparation,
                            (step, at, epoch, detail) -> {
                                audit.add(at, epoch, "flip-" + step.name().toLowerCase(Locale.ROOT), detail);
                                seams.afterFlipStep(step);
                            },
                            settings.flipBudget())
                    .flip(to);
            audit.add(beliefs.owner(), beliefs.epoch(), "flip-outcome", outcome.toString());
            audit.flush(Duration.ofSeconds(2));
            return outcome;
        } catch (StoreException e) {
            return new FlipOutcome.GaveUp(FlipStep.PREPARE, Duration.ZERO, List.of(e.toString()));
        }
    }

    /** Enters a phase that keeps the owner. A flip that is still preparing gives way. */
    public PhaseOutcome enter(Phase to) {
        boolean allowed = allowed(to); // one that the gate refuses ends nobody's flip
        if (allowed) {
            preparation.phaseChangeWaits();
        }
        try {
            oneFlip.lock();
        } finally {
            if (allowed) {
                preparation.phaseChangeGoesOn();
            }
        }
        try {
            return enterNow(to);
        } finally {
            oneFlip.unlock();
        }
    }

    private boolean allowed(Phase to) {
        try {
            return beliefs.ownership().phase().wayTo(to) == Phase.Way.BARRIER && gate(to).open();
        } catch (SQLException | RuntimeException e) {
            return false; // asked again when it is its turn
        }
    }

    private PhaseOutcome enterNow(Phase to) {
        Side side = beliefs.owner();
        Optional<GateReport> doubted = doubted(side, to);
        if (doubted.isPresent()) {
            return new PhaseOutcome.Refused(doubted.get());
        }
        try (FenceStore owner = new SqlFenceStore(places.of(side), settings.flipBudget(), pulses)) {
            FenceRow row = owner.read();
            GateReport report = gate.evaluate(row, to);
            if (!report.open() || row.phase().wayTo(to) != Phase.Way.BARRIER) {
                return new PhaseOutcome.Refused(report);
            }
            if (to.reads() == Phase.Reads.COHORT) {
                nobody.reset(); // while it does not count yet: nobody is to move at once because somebody did so before
            }
            String attempt = UUID.randomUUID().toString();
            boolean entered;
            String why = "another flip or change of phase came first";
            try {
                entered = owner.changePhase(row, to, attempt, settings.flipBudget());
            } catch (StoreException e) {
                FenceRow now;
                try {
                    now = owner.readLocked(Duration.ofSeconds(2));
                } catch (StoreException unread) {
                    unread.addSuppressed(e);
                    return new PhaseOutcome.Unknown(unread);
                }
                entered = now.attempt().equals(attempt);
                why = FenceStore.heldUp(side, settings.flipBudget(), e.toString());
            }
            if (!entered) {
                return new PhaseOutcome.GaveUp(why);
            }
            long epoch = row.epoch() + 1;
            audit.add(side, epoch, "phase", row.phase() + " -> " + to);
            audit.flush(Duration.ofSeconds(2));
            preparation.awaitAcknowledged(side, epoch);
            return new PhaseOutcome.Entered(to, epoch);
        } catch (StoreException | SQLException e) {
            return new PhaseOutcome.GaveUp(e.toString());
        }
    }
}
