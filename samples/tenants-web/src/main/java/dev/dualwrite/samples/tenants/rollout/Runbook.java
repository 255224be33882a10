package dev.dualwrite.samples.tenants.rollout;

import dev.dualwrite.Cohort;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Reader;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.DualWrite.VerificationReport;
import dev.dualwrite.jdbc.ReadReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What an operator does, from the first phase to the way back. The service is never asked to stop. Used once, by one thread. */
final class Runbook {
    private static final int TRIES = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What an instance believes of phase and owner is never older than half of it. */
    private static final Duration BACK = Duration.ofMillis(500);

    /** A share is raised when so many more reads were compared. */
    private static final long ENOUGH = 100;

    private final DualWrite console;
    private final Set<String> tenants;
    private final Counters counters;
    private final Log log;
    private final List<Double> percents;
    private final Duration stage;
    private final DoubleConsumer raised;
    private final List<Share> shares = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();
    private final List<Moved> moves = new ArrayList<>();
    private final List<Elsewhere> elsewhere = new ArrayList<>();

    /**
     * @param percents the shares of the tenants, one after the other
     * @param stage how long it looks at each share, at least
     * @param raised hears of each share that is in force
     */
    Runbook(
            DualWrite console,
            List<String> tenants,
            Counters counters,
            Log log,
            List<Double> percents,
            Duration stage,
            DoubleConsumer raised) {
        this.console = console;
        this.tenants = Set.copyOf(tenants);
        this.counters = counters;
        this.log = log;
        this.percents = List.copyOf(percents);
        this.stage = stage;
        this.raised = raised;
    }

    /**
     * Whose reads the target answered while a share was in force.
     *
     * @param drawn tenants that belong to the cohort
     * @param seen tenants that were seen at the target
     * @param part of the reads that the target answered
     * @param whole whether the next share was allowed
     */
    record Share(double percent, Set<String> drawn, Set<String> seen, double part, boolean whole) {}

    /** Differences that the comparison found, at which share, and how many rows were repaired. */
    record Found(double percent, int differences, int repaired) {}

    /** A change of owner, and how long writers waited. */
    record Moved(String what, Duration stall) {}

    /** Reads that were answered where none should be any more. */
    record Elsewhere(String when, long reads) {}

    void move() throws StoppedException, InterruptedException {
        log.phase("SOURCE_ONLY: the source owns, nothing is copied yet");
        serve(stage);
        enter(Phase.DUAL_WRITE);
        log.step("backfill: " + asked(console::backfill));
        verify();
        enter(Phase.SHADOW_READ);
        boolean everybody = false;
        for (int i = 0; i < TRIES && !everybody; i++) {
            awaitCompared();
            enter(Phase.TARGET_READ);
            everybody = ramp();
            if (!everybody) {
                stepBack();
                mend();
            }
        }
        if (!everybody) {
            throw new StoppedException("the reads differ again and again");
        }
        moved("flip", Phase.REVERSE_WINDOW, console::flip);
        served("after the flip", Side.SOURCE);
        moved("rollback", Phase.DUAL_WRITE, console::rollBack);
        served("after the rollback", Side.TARGET);
    }

    /** @return whether nothing spoke against it to the end */
    private boolean ramp() throws StoppedException, InterruptedException {
        for (double percent : percents) {
            Step step = counters.next();
            Optional<String> closed = grow(percent);
            if (closed.isPresent()) {
                log.step("the ramp stops before " + percent + " %: " + closed.get());
                return false;
            }
            Cohort cohort = asked(console::cohort);
            Set<String> drawn = tenants.stream()
                    .filter(tenant -> cohort.has(Reader.of(tenant).with("tenant", tenant)))
                    .collect(Collectors.toSet());
            log.phase("the target answers %s of the tenants: %d of %d".formatted(cohort, drawn.size(), tenants.size()));
            raised.accept(percent);
            Optional<String> objection = watch(step, drawn);
            shares.add(new Share(percent, drawn, step.tenantsAtTarget(), step.share(), objection.isEmpty()));
            if (objection.isPresent()) {
                log.step("the ramp stops at " + percent + " %: " + objection.get());
                return false;
            }
        }
        return true;
    }

    /** @return what speaks against it, if anything does; instances that have not heard of the phase yet are waited for */
    private Optional<String> grow(double percent) throws StoppedException, InterruptedException {
        String last = "";
        for (int i = 0; i < TRIES; i++) {
            Optional<String> objection = objection();
            if (objection.isPresent()) {
                return objection;
            }
            try {
                console.growCohort(percent);
                return Optional.empty();
            } catch (DualWriteException e) {
                last = String.valueOf(e.getMessage());
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }
        throw new StoppedException(last);
    }

    /** Looks at a share until enough was compared and every tenant of the cohort was there, or something speaks against it. */
    private Optional<String> watch(Step step, Set<String> drawn) throws StoppedException, InterruptedException {
        long began = System.nanoTime();
        long before = compared(asked(console::readReport));
        while (System.nanoTime() - began < PATIENCE.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(250);
            Optional<String> objection = objection();
            if (objection.isPresent()) {
                return objection;
            }
            if (System.nanoTime() - began > stage.toNanos()
                    && compared(asked(console::readReport)) - before >= ENOUGH
                    && step.tenantsAtTarget().containsAll(drawn)) {
                return Optional.empty();
            }
        }
        Set<String> missing = new HashSet<>(drawn);
        missing.removeAll(step.tenantsAtTarget());
        throw new StoppedException("after " + PATIENCE.toSeconds() + " s "
                + (compared(asked(console::readReport)) - before) + " reads were compared, and " + missing.size()
                + " tenants of the cohort were not seen at the target");
    }

    /** What the gate has to say of the reads. */
    private Optional<String> objection() throws StoppedException, InterruptedException {
        return asked(console::growthGate).failed().stream()
                .filter(check -> check.name().equals("reads-compared"))
                .map(GateReport.Check::detail)
                .findFirst();
    }

    static long compared(ReadReport report) {
        return report.shapes().stream().mapToLong(ReadReport.Shape::compared).sum();
    }

    /** Until the gate has seen every kind of read often enough. */
    private void awaitCompared() throws StoppedException, InterruptedException {
        log.step("compares reads until the gate is content");
        long began = System.nanoTime();
        GateReport gate = asked(() -> console.gate(Phase.TARGET_READ));
        while (!gate.open()) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new StoppedException("reads cannot move: " + gate);
            }
            TimeUnit.MILLISECONDS.sleep(250);
            gate = asked(() -> console.gate(Phase.TARGET_READ));
        }
        log.step("compared " + compared(asked(console::readReport)) + " reads of "
                + asked(console::readReport).shapes().size() + " kinds: " + gate);
    }

    /** All reads to the owner again, in one command. */
    private void stepBack() throws StoppedException, InterruptedException {
        if (!(console.stepBack() instanceof PhaseOutcome.Entered entered)) {
            throw new StoppedException("there is no way back to the owner");
        }
        log.phase(entered.phase() + " at epoch " + entered.epoch() + ": the owner answers all reads again");
        served("after the step back", Side.TARGET);
    }

    /** The rows that reads have found are a hint; a verification finds all. */
    private void mend() throws StoppedException, InterruptedException {
        List<ReadReport.Difference> differences = asked(console::readReport).differences();
        differences.stream()
                .limit(3)
                .forEach(one -> log.step("differs: " + one.row().orElse("?") + ", " + one.detail()));
        ReadReport.Repair repair = asked(console::repairReads);
        log.step("%d rows that reads have found are queued to be repaired".formatted(repair.queued()));
        int repaired = repair.queued();
        VerificationReport report = asked(console::verify);
        log.step("verify: %,d rows, %d differ"
                .formatted(report.rows(), report.divergences().size()));
        if (!report.equal()) {
            repaired += asked(console::repair);
            verify();
        }
        found.add(new Found(
                shares.isEmpty() ? 0 : shares.get(shares.size() - 1).percent(), differences.size(), repaired));
        log.step(repaired + " rows are repaired; what was compared before does not count any more");
        asked(console::compareAnew);
    }

    private void verify() throws StoppedException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            VerificationReport report = asked(console::verify);
            log.step("verify: %,d rows, %s"
                    .formatted(
                            report.rows(),
                            report.equal() ? "equal" : report.divergences().size() + " differ"));
            if (report.equal()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
        throw new StoppedException("the databases do not become equal");
    }

    private void enter(Phase phase) throws StoppedException, InterruptedException {
        PhaseOutcome outcome = console.enter(phase);
        for (int i = 0; i < TRIES && !(outcome instanceof PhaseOutcome.Entered); i++) {
            log.step("enter " + phase + ": " + outcome);
            TimeUnit.MILLISECONDS.sleep(500);
            outcome = console.enter(phase);
        }
        if (!(outcome instanceof PhaseOutcome.Entered entered)) {
            throw new StoppedException("the phase " + phase + " could not be entered");
        }
        log.phase(phase + " at epoch " + entered.epoch());
    }

    /** What a database did not answer as it should is asked again; so with deadlocks. */
    private <T> T asked(Supplier<T> question) throws StoppedException, InterruptedException {
        String last = "";
        for (int i = 0; i < TRIES; i++) {
            try {
                return question.get();
            } catch (DualWriteException e) {
                last = String.valueOf(e.getMessage());
                log.step("asks again: " + last);
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
        throw new StoppedException(last);
    }

    /** One that does not fit its budget gives up by itself and may be tried again. */
    private void moved(String what, Phase to, Supplier<FlipOutcome> flip)
            throws StoppedException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            verify();
            FlipOutcome outcome = flip.get();
            if (outcome instanceof FlipOutcome.Flipped flipped) {
                moves.add(new Moved(what, flipped.stall()));
                log.phase("%s at epoch %d: the %s owns; writers waited for %d ms"
                        .formatted(
                                to, flipped.epoch(), to.owner(), flipped.stall().toMillis()));
                return;
            }
            log.step(what + ": " + outcome);
        }
        throw new StoppedException("the " + what + " was not done");
    }

    /** Nobody is answered by the other side any more, once a moment has passed. */
    private void served(String when, Side not) throws InterruptedException {
        serve(BACK);
        Step step = counters.next();
        serve(stage);
        elsewhere.add(new Elsewhere(when, step.at(not)));
    }

    private static void serve(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    List<Share> shares() {
        return List.copyOf(shares);
    }

    List<Found> found() {
        return List.copyOf(found);
    }

    List<Moved> moves() {
        return List.copyOf(moves);
    }

    List<Elsewhere> elsewhere() {
        return List.copyOf(elsewhere);
    }
}
