package dev.dualwrite.testkit.rehearsal;

import dev.dualwrite.Phase;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.oracle.Invariant;
import dev.dualwrite.testkit.oracle.Parity;
import dev.dualwrite.testkit.oracle.ParityReport;
import dev.dualwrite.testkit.oracle.TableMatch;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Describes a rehearsal and does it: load, faults, and ownership there and back while the load goes on. Before each step every
 * fault strikes once, and the step begins when the follower has caught up. At the end it is judged from the databases alone.
 *
 * <pre>{@code
 * harness.rehearsal()
 *     .load(200, mix)
 *     .faults(FOLLOWER_DOWN, COMMIT_ANSWER_LOST)
 *     .flip().rollback()
 *     .assertNothingLost();
 * }</pre>
 *
 * <p>For one thread.
 */
public final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final int THREADS = 8;
    private static final int BETWEEN = 20;
    private static final int SHOWN = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CONVERGED = Duration.ofSeconds(60);

    private final Stage stage;
    private final List<Fault> faults = new ArrayList<>();
    private final List<Phase> steps = new ArrayList<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private @Nullable Transaction work;
    private int perSecond;
    private int threads = THREADS;
    private @Nullable Duration stallAtMost;
    private Duration patience = PATIENCE;
    private Path evidence = Path.of("target", "dualwrite-rehearsal");

    public Rehearsal(Stage stage) {
        this.stage = stage;
    }

    /**
     * So many transactions a second, 1 to 100,000: the host's own code, or a {@link StatementMix}.
     *
     * @param transaction called by eight threads, or as many as {@link #threads} says
     */
    public Rehearsal load(int transactionsPerSecond, Transaction transaction) {
        if (transactionsPerSecond < 1 || transactionsPerSecond > 100_000) {
            throw new IllegalArgumentException(
                    transactionsPerSecond + " transactions a second are not allowed: it must be 1 to 100000");
        }
        perSecond = transactionsPerSecond;
        work = transaction;
        return this;
    }

    /** Threads of the load, 1 to 256; the harness's pools have 16 connections on each side. */
    public Rehearsal threads(int count) {
        if (count < 1 || count > 256) {
            throw new IllegalArgumentException(count + " threads are not allowed: it must be 1 to 256");
        }
        threads = count;
        return this;
    }

    /** Adds faults, in the order in which they strike. */
    public Rehearsal faults(Fault... more) {
        Collections.addAll(faults, more);
        return this;
    }

    /** Something that must hold on each side at the end: a query that answers the rows which break it. */
    public Rehearsal invariant(String name, String query) {
        invariants.add(Invariant.of(name, query, stage.source()::connect, stage.target()::connect));
        return this;
    }

    /** As {@link #invariant(String, String)}, in Java. */
    public Rehearsal invariant(String name, Invariant.Check check) {
        invariants.add(new Invariant(name, check, stage.source()::connect, stage.target()::connect));
        return this;
    }

    /** Adds a step: ownership moves to the target. */
    public Rehearsal flip() {
        return step(Phase.REVERSE_WINDOW);
    }

    /** Adds a step: ownership moves back to the source. */
    public Rehearsal rollback() {
        return step(Phase.DUAL_WRITE);
    }

    private Rehearsal step(Phase to) {
        Phase before = steps.isEmpty() ? Phase.DUAL_WRITE : steps.get(steps.size() - 1);
        if (before == to) {
            throw new IllegalStateException("flip() and rollback() take turns, and flip() comes first");
        }
        steps.add(to);
        return this;
    }

    /** Fails the rehearsal if a flip stalled writers for longer. */
    public Rehearsal stallAtMost(Duration most) {
        stallAtMost = most;
        return this;
    }

    /** How long a fault may take to hit, and the application to go on; a minute by default. */
    public Rehearsal patience(Duration longest) {
        patience = longest;
        return this;
    }

    /** Where the evidence is written; by default {@code target/dualwrite-rehearsal} below the working directory. */
    public Rehearsal evidence(Path directory) {
        evidence = directory;
        return this;
    }

    /**
     * Does it, logs and writes the figures, and fails if anything was lost, doubled or left different.
     *
     * @return the figures
     * @throws AssertionError with the figures and everything that did not hold; if the way itself was blocked, with what did
     * @throws IllegalStateException if there is no load, no fault or no step: such a rehearsal proves nothing
     */
    public RehearsalReport assertNothingLost() {
        RehearsalReport report = run();
        try {
            LOG.info("{}\n  evidence in {}", report, report.write(evidence).toAbsolutePath());
        } catch (IOException e) {
            throw new AssertionError("the evidence could not be written: " + e + "\n" + report, e);
        }
        if (!report.passed()) {
            throw new AssertionError(report.toString());
        }
        return report;
    }

    /** Does it and judges, without failing for what it finds; otherwise as {@link #assertNothingLost()}. */
    public RehearsalReport run() {
        Transaction transaction = work;
        if (transaction == null) {
            throw new IllegalStateException("a rehearsal without load proves nothing: give it load(...)");
        }
        if (faults.isEmpty()) {
            throw new IllegalStateException(
                    "no fault was injected, and a rehearsal that is calm all the way proves nothing: give it faults(...)");
        }
        if (steps.isEmpty()) {
            throw new IllegalStateException("a rehearsal goes somewhere: give it flip(), and rollback()");
        }
        stage.passage().to(Phase.DUAL_WRITE);
        Instant began = Instant.now();
        Marks marks = new Marks(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
        Load load = new Load(stage.dualWrite().dataSource(), transaction, marks, perSecond, threads);
        Map<String, String> hits = new LinkedHashMap<>();
        List<Duration> stalls = new ArrayList<>();
        Duration lag;
        try (LagWatch watch = new LagWatch(stage.dualWrite());
                Load running = load.start()) {
            go(new Scene(stage, running, patience), hits, stalls);
            lag = watch.largest();
        }
        load.assertAlive();
        return judged(began, marks, load, hits, stalls, lag);
    }

    private void go(Scene scene, Map<String, String> hits, List<Duration> stalls) {
        scene.awaitCommits(BETWEEN);
        for (Phase to : steps) {
            for (Fault fault : faults) {
                String when = fault.name() + " before " + (to == Phase.REVERSE_WINDOW ? "the flip" : "the rollback");
                LOG.info("{} strikes", when);
                hits.merge(when, struck(fault, scene), (first, second) -> first + "; " + second);
                scene.awaitCalm();
            }
            Passage.Flipped flipped = stage.passage().flip();
            stalls.addAll(flipped.givenUp());
            stalls.add(flipped.stall());
            scene.awaitCommits(BETWEEN);
        }
    }

    private static String struck(Fault fault, Scene scene) {
        try {
            return fault.strike(scene);
        } catch (Exception e) {
            throw new AssertionError("fault " + fault.name() + " could not be injected: " + e.getMessage(), e);
        }
    }

    private RehearsalReport judged(
            Instant began, Marks marks, Load load, Map<String, String> hits, List<Duration> stalls, Duration lag) {
        Duration longest = stalls.stream().max(Duration::compareTo).orElse(Duration.ZERO);
        List<String> problems = new ArrayList<>();
        Marks.Verdict verdict;
        try {
            Eventually.within(CONVERGED)
                    .until(
                            () -> stage.dualWrite().status().queued() == 0,
                            () -> "intents are left: " + stage.dualWrite().status());
            verdict = marks.judge(stage.owner());
            problems.addAll(first(verdict.lost()));
            problems.addAll(first(verdict.doubled()));
            problems.addAll(first(verdict.ghosts()));
            problems.addAll(different());
            for (Invariant one : invariants) {
                one.brokenOnSource(SHOWN).forEach(row -> problems.add(one.name() + ", on the source: " + row));
                one.brokenOnTarget(SHOWN).forEach(row -> problems.add(one.name() + ", on the target: " + row));
            }
        } catch (SQLException e) {
            throw new AssertionError("the rehearsal could not be judged: " + e.getMessage(), e);
        }
        if (stallAtMost != null && longest.compareTo(stallAtMost) > 0) {
            problems.add(
                    "a flip stalled writers for " + longest.toMillis() + " ms, more than " + stallAtMost.toMillis());
        }
        return new RehearsalReport(
                stage.migration(),
                began,
                Instant.now(),
                verdict.committed(),
                verdict.refused(),
                verdict.unknown(),
                load.rejected(),
                verdict.lost().size(),
                verdict.doubled().size(),
                verdict.ghosts().size(),
                steps.size(),
                longest,
                load.slowest(),
                lag,
                hits,
                problems);
    }

    private List<String> different() throws SQLException {
        ParityReport report = Parity.between(stage.source()::connect, stage.target()::connect)
                .explainedBy(stage.migration(), stage.prefix())
                .compare(stage.tables().stream().map(TableMatch::of).toList(), SHOWN);
        return report.identical() ? List.of() : List.of(report.toString());
    }

    private static List<String> first(List<String> all) {
        if (all.size() <= SHOWN) {
            return all;
        }
        List<String> some = new ArrayList<>(all.subList(0, SHOWN));
        some.add("… and " + (all.size() - SHOWN) + " more");
        return some;
    }
}
