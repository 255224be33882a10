package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Criterion;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.GateReport;
import dev.dualwrite.GateReport.Check;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.AttestationTable;
import dev.dualwrite.jdbc.control.ChunkTable;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.DivergenceTable;
import dev.dualwrite.jdbc.control.ParkedTable;
import dev.dualwrite.jdbc.control.VerificationTable.Verification;
import dev.dualwrite.jdbc.schema.Versions;
import dev.dualwrite.key.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The checks that must hold before a phase is entered. Each looks at the databases anew; a check that
 * cannot be evaluated has failed. Evaluating changes nothing.
 */
final class Gate {
    private static final int LOCK_WAIT = 1205;

    /** Tables of one question. */
    private static final int AT_ONCE = 100;

    /** What is said of a step that the table of transitions does not know. */
    private static final List<Criterion> ANYWHERE = List.of(Criterion.PHASE_ALLOWS, Criterion.NOT_HELD);

    private final Places places;
    private final Settings settings;
    private final String mapping;
    private final Wishes wishes;
    private final Mixtures mixtures;
    private final Pulses pulses;
    private final Invariants invariants;
    private final Findings findings;
    private final ReadsCompared reads;

    Gate(
            Places places,
            Settings settings,
            String mapping,
            Wishes wishes,
            Mixtures mixtures,
            Pulses pulses,
            Invariants invariants,
            Findings findings,
            ReadsCompared reads) {
        this.places = places;
        this.settings = settings;
        this.mapping = mapping;
        this.wishes = wishes;
        this.mixtures = mixtures;
        this.pulses = pulses;
        this.invariants = invariants;
        this.findings = findings;
        this.reads = reads;
    }

    /** One check's evaluation: what is wrong, or nothing. */
    @FunctionalInterface
    private interface Question {
        Optional<String> wrong() throws SQLException;
    }

    /** The gate of a flip, or of a change of phase: the criteria of that step in the table of transitions. */
    GateReport evaluate(FenceRow owner, Phase to) {
        return evaluate(
                owner,
                to,
                owner.phase().transitionTo(to).map(Phase.Transition::criteria).orElse(ANYWHERE));
    }

    /** The gate of letting more readers read from the follower: what a phase in which they do asks, but for the step itself. */
    GateReport evaluateGrowth(FenceRow owner) {
        return evaluate(
                owner,
                owner.phase(),
                Phase.SHADOW_READ.transitionTo(Phase.TARGET_READ).orElseThrow().criteria().stream()
                        .filter(criterion -> criterion != Criterion.PHASE_ALLOWS)
                        .toList());
    }

    private GateReport evaluate(FenceRow owner, Phase to, List<Criterion> criteria) {
        List<Check> checks = new ArrayList<>();
        boolean both = true;
        for (Criterion criterion : criteria) {
            if (!criterion.asksBothSides() || both) {
                List<String> fine = new ArrayList<>();
                ask(checks, criterion.label(), () -> String.join("; ", fine), () -> wrong(criterion, owner, to, fine));
                both &= criterion.asksBothSides()
                        || checks.get(checks.size() - 1).passed();
            }
        }
        return new GateReport(owner.phase(), to, checks);
    }

    /** @param fine receives what is to be said although the criterion holds */
    private Optional<String> wrong(Criterion criterion, FenceRow owner, Phase to, List<String> fine)
            throws SQLException {
        Side side = owner.side();
        return switch (criterion) {
            case PHASE_ALLOWS -> allows(owner, to);
            case NOT_HELD -> wishes.held();
            case BOTH_REACHABLE -> reachable();
            case SERVERS_AS_KNOWN -> atHome();
            case SCHEMAS_AS_KNOWN -> schemas();
            case NO_OTHER_MIGRATION -> untaken();
            case INSTANCES_AGREE -> instances(side, owner.epoch(), owner.phase().capturing(), fine);
            case NEXT_OWNER_WRITABLE -> writable(side.other());
            case BACKFILLED -> backfilled(owner);
            case NOT_KILLED ->
                wishes.killed()
                        ? Optional.of("the kill switch is on, so nothing is converged: release it first")
                        : Optional.empty();
            case DURABILITY -> durable();
            case NEXT_OWNER_FREE -> free(side.other());
            case VERIFIED -> verified(owner);
            case NOTHING_PARKED -> parked(side);
            case NEXT_OWNER_FILLED -> verified(owner).isPresent() ? Optional.empty() : emptied(side);
            case TARGET_AS_WIDE -> {
                fine.add(findings.accepted());
                yield side == Side.SOURCE ? findings.wrong() : Optional.empty();
            }
            case INVARIANTS -> invariants.ahead(side, fine::add);
            case NO_OUTSIDE_TABLES_MIXED_IN -> side == Side.SOURCE ? mixtures.wrong() : Optional.empty();
            case READS_COMPARED -> reads.wrong(owner);
        };
    }

    private static Optional<String> allows(FenceRow owner, Phase to) {
        if (owner.phase().wayTo(to) != Phase.Way.NONE && owner.state() == FenceState.OPEN) {
            return Optional.empty();
        }
        String ways = Phase.transitions().stream()
                .filter(t -> t.from() == owner.phase())
                .map(t -> t.to().name())
                .collect(Collectors.joining(" and "));
        return Optional.of(owner.side() + " is " + owner.state() + " in " + owner.phase() + "; "
                + (ways.isEmpty()
                        ? "the rollback boundary is passed: roll forward, and repair what is wrong where it is now"
                        : "from there " + owner.phase() + " leads to " + ways));
    }

    private Optional<String> backfilled(FenceRow owner) throws SQLException {
        ControlSide follower = places.of(owner.side().other()).control();
        try (Connection connection = follower.connection()) {
            ChunkTable.Progress progress =
                    follower.chunks().progress(connection, follower.chunks().newestRun(connection));
            return progress.complete()
                            && progress.captureEpoch() == owner.captureEpoch()
                            && progress.mapping().equals(places.digest(mapping))
                    ? Optional.empty()
                    : Optional.of(
                            "the backfill of this capture epoch and these tables is not complete: run backfill()");
        }
    }

    /** The hold as the flag table says it now, not as it was heard last. */
    private Optional<String> heldNow(Side owner) throws SQLException {
        ControlSide control = places.of(owner).control();
        long began = System.nanoTime();
        try (Connection connection = control.connection()) {
            wishes.readTable(control.flags().read(connection), began);
        }
        return wishes.held();
    }

    /**
     * What is exact only behind the fence; evaluated while the owner is FROZEN.
     *
     * @param deadline by the nano time; what is not asked by then is wrong
     */
    List<String> exact(FenceRow frozen, long deadline) {
        List<Check> checks = new ArrayList<>();
        ask(checks, "not-held", () -> heldNow(frozen.side()));
        ask(checks, "nothing-parked", () -> parked(frozen.side()));
        ask(checks, "verified", () -> verified(frozen));
        ask(checks, "next-owner-filled", () -> emptied(frozen.side()));
        ask(checks, "durability", this::durable);
        ask(checks, "invariants", () -> invariants.exact(frozen.side(), deadline));
        ask(checks, "identifiers-above", () -> {
            List<String> below = Identifiers.below(
                    places.of(frozen.side()), places.of(frozen.side().other()));
            return below.isEmpty()
                    ? Optional.empty()
                    : Optional.of("the next owner would hand out identifiers again in " + below
                            + ": raise idMargin above what is inserted in a flip");
        });
        return checks.stream()
                .filter(check -> !check.passed())
                .map(check -> check.name() + ": " + check.detail())
                .toList();
    }

    private static void ask(List<Check> checks, String name, Question question) {
        ask(checks, name, () -> "", question);
    }

    /** @param fine what is to be said if nothing is wrong */
    private static void ask(List<Check> checks, String name, Supplier<String> fine, Question question) {
        try {
            Optional<String> wrong = question.wrong();
            checks.add(new Check(name, wrong.isEmpty(), wrong.orElseGet(fine)));
        } catch (SQLException | DualWriteException e) {
            checks.add(new Check(name, false, "could not be evaluated: " + e.getMessage()));
        }
    }

    private Optional<String> reachable() throws SQLException {
        for (Side side : Side.values()) {
            try (Connection connection = places.of(side).reach().control().connection()) {
                if (places.of(side).control().fence().read(connection).isEmpty()) {
                    return Optional.of("the fence row of " + side + " is missing");
                }
            } catch (SQLException e) {
                return Optional.of(side + " does not answer: " + e.getMessage());
            }
        }
        places.mappings();
        return Optional.empty();
    }

    private Optional<String> schemas() throws SQLException {
        for (Side side : Side.values()) {
            Optional<String> changed = places.of(side).changedSchema();
            if (changed.isPresent()) {
                return changed;
            }
        }
        return Optional.empty();
    }

    private Optional<String> untaken() throws SQLException {
        for (Side side : Side.values()) {
            Optional<String> taken = places.of(side).taken();
            if (taken.isPresent()) {
                return taken.map(text -> "tables " + text);
            }
        }
        return Optional.empty();
    }

    /** Whether a table of which the owner has rows has none there: somebody has emptied it past every statement. */
    private Optional<String> emptied(Side owner) throws SQLException {
        Set<String> suspect = filled(owner);
        suspect.removeAll(filled(owner.other()));
        if (suspect.isEmpty()) {
            return Optional.empty();
        }
        ControlSide control = places.of(owner).control();
        try (Connection connection = control.connection()) {
            if (!control.queue().drained(connection) || control.parked().count(connection) > 0) {
                return Optional
                        .empty(); // its rows may be on their way, and behind the freeze none is; or they are parked
            }
        }
        Set<String> there = filled(owner.other());
        suspect.removeIf(there::contains);
        suspect.retainAll(filled(owner));
        return suspect.isEmpty()
                ? Optional.empty()
                : Optional.of(owner.other() + " has no row of " + String.join(", ", new TreeSet<>(suspect)) + ", and "
                        + owner + " has: is it the right database? If so, verify() and repair()");
    }

    private Set<String> filled(Side side) throws SQLException {
        List<String> questions = places.of(side).require().schema().tables().values().stream()
                .map(table -> "SELECT " + Sql.text(table.name().toLowerCase(Locale.ROOT))
                        + " FROM DUAL WHERE EXISTS (SELECT 1 FROM " + Sql.name(table.schema()) + "."
                        + Sql.name(table.name()) + ")")
                .toList();
        Set<String> filled = new HashSet<>();
        try (Connection connection = places.of(side).control().connection();
                Statement statement = connection.createStatement()) {
            for (int from = 0; from < questions.size(); from += AT_ONCE) {
                String some =
                        String.join(" UNION ALL ", questions.subList(from, Math.min(from + AT_ONCE, questions.size())));
                try (ResultSet row = statement.executeQuery(some)) {
                    while (row.next()) {
                        filled.add(row.getString(1));
                    }
                }
            }
        }
        return filled;
    }

    private Optional<String> atHome() throws SQLException {
        for (Side side : Side.values()) {
            ControlSide other = places.of(side.other()).control();
            try (Connection connection = other.connection()) {
                pulses.hear(other, connection);
            }
            try (Connection connection = places.of(side).control().connection()) {
                Optional<String> fallen = pulses.fallenBack(places.of(side).control(), connection);
                if (fallen.isPresent()) {
                    return Optional.of(fallen.get() + ": acceptServer(" + side + "), then backfill and verify anew");
                }
                FenceRow row =
                        places.of(side).control().fence().read(connection).orElseThrow();
                if (!row.atHome()) {
                    return Optional.of(side + " is another server (" + row.actualUuid()
                            + ") than the fence was written on (" + row.serverUuid() + "): acceptServer(" + side
                            + "), then backfill and verify anew");
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> instances(Side owner, long epoch, boolean capturing, List<String> fine)
            throws SQLException {
        String expected =
                Digest.of(mapping, settings, places.of(owner).require().schema());
        try (Connection connection = places.of(owner).control().connection()) {
            Registry registry = new Registry(
                    places.of(owner).control().instances().list(connection),
                    settings.heartbeatTimeout(),
                    settings.instanceExpiry());
            fine.addAll(registry.remarks(capturing));
            return registry.wrong(epoch, expected);
        }
    }

    private Optional<String> durable() throws SQLException {
        List<String> weak = new ArrayList<>();
        for (Side side : Side.values()) {
            try (Connection connection = places.of(side).control().connection()) {
                AttestationTable.Server server =
                        places.of(side).control().attestations().look(connection);
                if (!server.weak().isEmpty()) {
                    weak.add(side + " runs with " + server.weak());
                }
            }
        }
        return weak.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("; ", weak) + ": a committed row could vanish; set both to 1");
    }

    private Optional<String> writable(Side next) throws SQLException {
        try (Connection connection = places.of(next).control().connection()) {
            return Versions.notWritable(connection).map(reason -> next + " cannot own: " + reason);
        }
    }

    /** Whether its fence row can be had: who was refused by the seal holds it until its transaction ends. */
    private Optional<String> free(Side next) throws SQLException {
        ControlSide control = places.of(next).control();
        try {
            control.inTransaction(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET SESSION innodb_lock_wait_timeout = 1");
                    try {
                        return control.fence().readExclusive(connection);
                    } finally {
                        statement.execute("SET SESSION innodb_lock_wait_timeout = 3");
                    }
                }
            });
            return Optional.empty();
        } catch (SQLException e) {
            if (e.getErrorCode() != LOCK_WAIT) {
                throw e;
            }
            List<String> holders = List.of();
            try (Connection connection = control.connection()) {
                holders = FenceHolders.list(control, connection, Duration.ZERO);
            } catch (SQLException unknown) {
                e.addSuppressed(unknown); // who it is does not matter for the answer
            }
            return Optional.of("a transaction holds the fence row of " + next
                    + "; an instance that was stopped, or somebody whom the seal has refused and who keeps his"
                    + " transaction open: "
                    + (holders.isEmpty() ? "end it" : String.join("; ", holders)));
        }
    }

    private Optional<String> verified(FenceRow owner) throws SQLException {
        ControlSide source = places.of(Side.SOURCE).control();
        try (Connection connection = source.connection()) {
            Optional<Verification> newest = source.verifications().newest(connection);
            if (newest.isEmpty()) {
                return Optional.of("nothing was verified yet: run verify()");
            }
            Verification v = newest.get();
            if (v.running()) {
                return Optional.of("verification " + v.run() + " is not finished: run verify()");
            }
            if (v.captureEpoch() != owner.captureEpoch()
                    || owner.captureEpoch() == 0
                    || !v.mapping().equals(places.digest(mapping))) {
                return Optional.of("verification " + v.run() + " counts for capture epoch " + v.captureEpoch()
                        + " and the tables as they were then; now it is " + owner.captureEpoch()
                        + ", or the tables are others: run backfill() and verify()");
            }
            if (!owner.marking()) {
                return Optional.of("what changed since the verification is not known: run verify()");
            }
            List<DivergenceTable.Divergence> divergences = source.divergences().list(connection, 3);
            if (!divergences.isEmpty()) {
                return Optional.of("divergences, the first: "
                        + divergences.stream()
                                .map(d -> d.table() + " " + d.key() + " " + d.kind())
                                .collect(Collectors.joining(", "))
                        + ": run repair()");
            }
            return lost(v);
        }
    }

    private Optional<String> lost(Verification v) throws SQLException {
        ControlSide source = places.of(Side.SOURCE).control();
        Duration age;
        try (Connection connection = source.connection()) {
            age = source.verifications().age(connection, v.run());
        }
        if (age.compareTo(settings.verificationAge()) > 0) {
            return Optional.of("verification " + v.run() + " began " + age.truncatedTo(ChronoUnit.SECONDS)
                    + " ago, more than " + settings.verificationAge() + ": run verify()");
        }
        for (Side side : Side.values()) {
            ControlSide control = places.of(side).control();
            try (Connection connection = control.connection()) {
                AttestationTable.Server now = control.attestations().look(connection);
                String then = side == Side.SOURCE ? v.sourceUuid() : v.targetUuid();
                if (!now.uuid().equals(then)) {
                    return Optional.of("verification " + v.run() + " is void: " + side + " was another server then");
                }
                List<String> lost = control.attestations().lostSince(connection, now, age);
                if (!lost.isEmpty()) {
                    return Optional.of(
                            "verification " + v.run() + " is void: " + side + " " + lost.get(0) + ": run verify()");
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> parked(Side owner) throws SQLException {
        ControlSide control = places.of(owner).control();
        try (Connection connection = control.connection()) {
            List<ParkedTable.Parked> parked = control.parked().list(connection, 3);
            return parked.isEmpty()
                    ? Optional.empty()
                    : Optional.of(control.parked().count(connection) + " parked, the first: "
                            + parked.stream()
                                    .map(one -> one.table() + " " + one.key() + " (error " + one.vendorCode() + ")")
                                    .collect(Collectors.joining(", ")));
        }
    }

    /** How old the oldest intent is. */
    Duration lag(Side owner) throws SQLException {
        ControlSide control = places.of(owner).control();
        try (Connection connection = control.connection()) {
            return control.queue().depth(connection).oldest();
        }
    }
}
