package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.control.ControlSide;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the host says must hold: queries that answer the rows which break it. Rows that break one on both sides alike were
 * not broken by the migration; an operator may accept exactly these, and other ones close the gate again. Acceptances
 * stand in the flag tables of both sides. Thread-safe.
 */
final class Invariants {
    private static final String NOT_ASKED = " could not be asked on ";

    /** Of the rows that break an invariant. */
    private static final int SHOWN = 3;

    /** More rows than this cannot be accepted. */
    private static final int ACCEPTED = 10_000;

    private final Places places;
    private final Settings settings;
    private final Audit audit;

    Invariants(Places places, Settings settings, Audit audit) {
        this.places = places;
        this.settings = settings;
        this.audit = audit;
    }

    /**
     * A row that breaks an invariant.
     *
     * @param exact tells it from every other one
     * @param shown for people
     */
    private record Row(String exact, String shown) {}

    /** @param rows that break it, in the order of what is exact; one more than can be accepted at most */
    private record Broken(List<Row> rows) {
        String digest() {
            return rows.size() + " "
                    + Digest.ofRows(rows.stream().map(Row::exact).toList());
        }

        @Override
        public String toString() {
            int more = rows.size() - SHOWN;
            return rows.stream().limit(SHOWN).map(Row::shown).collect(Collectors.joining("; "))
                    + (more > 0 ? "; and " + (rows.size() > ACCEPTED ? "many" : more) + " more" : "");
        }
    }

    /**
     * On both sides, of which the follower may be behind, so that what it answers does not count yet; but a query that it
     * does not take, or that takes too long for a freeze, is better known now.
     *
     * @param accepted hears of each that was accepted
     */
    Optional<String> ahead(Side owner, Consumer<String> accepted) throws SQLException {
        long began = System.nanoTime();
        long deadline = began + settings.flipBudget().toNanos();
        Optional<String> wrong = wrong(
                owner,
                owner,
                deadline,
                (name, broken) -> accepted.accept(name + " does not hold, which was accepted: " + broken));
        Optional<String> other = wrong(owner.other(), owner, deadline, (name, broken) -> {});
        if (wrong.isPresent() || other.filter(text -> text.contains(NOT_ASKED)).isPresent()) {
            return wrong.or(() -> other);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        Duration quarter = settings.flipBudget().dividedBy(4);
        return took.compareTo(quarter) > 0
                ? Optional.of("they take " + took.toMillis() + " ms, more than a quarter of the budget ("
                        + quarter.toMillis() + " ms): make them faster, or raise the budget")
                : Optional.empty();
    }

    /** The first that does not hold behind the freeze, where both sides are alike: what was accepted has to be the same on both. */
    Optional<String> exact(Side owner, long deadline) throws SQLException {
        Map<String, String> source = new HashMap<>();
        Map<String, String> target = new HashMap<>();
        List<String> wrong = Stream.of(
                        wrong(Side.SOURCE, owner, deadline, source::put),
                        wrong(Side.TARGET, owner, deadline, target::put))
                .flatMap(Optional::stream)
                .toList();
        if (!wrong.isEmpty()) {
            return Optional.of(String.join("; ", wrong));
        }
        return source.equals(target)
                ? Optional.empty()
                : Optional.of("what was accepted breaks them on one side only: on the source " + source
                        + ", on the target " + target);
    }

    private Optional<String> wrong(Side side, Side owner, long deadline, BiConsumer<String, String> accepted)
            throws SQLException {
        if (settings.invariants().isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> flags = flags(owner);
        return on(side, statement -> {
            for (Map.Entry<String, String> invariant : settings.invariants().entrySet()) {
                String name = invariant.getKey();
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative()) {
                    return Optional.of(name + NOT_ASKED + side + ": the budget is spent");
                }
                Broken broken;
                try {
                    broken = ask(statement, invariant.getValue(), left);
                } catch (SQLException e) {
                    return Optional.of(name + NOT_ASKED + side + ": " + e.getMessage());
                }
                String known = flags.get(flag(name, invariant.getValue()));
                if (broken.rows().isEmpty()) {
                    continue;
                }
                if (!broken.digest().equals(known)) {
                    return Optional.of(name + " does not hold on " + side + ": " + broken
                            + (known == null
                                    ? ". Mend it, or if it was so before, acceptInvariant"
                                    : "; other rows were accepted"));
                }
                accepted.accept(name, broken.toString());
            }
            return Optional.empty();
        });
    }

    private Map<String, String> flags(Side owner) throws SQLException {
        ControlSide control = places.of(owner).control();
        try (Connection connection = control.connection()) {
            return control.flags().read(connection);
        }
    }

    /** Something that is asked of a side by queries. */
    @FunctionalInterface
    private interface Question<T> {
        T answer(Statement statement) throws SQLException;
    }

    private <T> T on(Side side, Question<T> question) throws SQLException {
        try (Connection connection = places.of(side).control().connection()) {
            try (Statement statement = connection.createStatement()) {
                statement.setMaxRows(ACCEPTED + 1);
                return question.answer(statement);
            } finally {
                places.of(side).discard(connection); // the driver has changed its sql_select_limit
            }
        }
    }

    private static Broken ask(Statement statement, String query, Duration patience) throws SQLException {
        statement.setQueryTimeout((int) Math.max(1, patience.toSeconds()));
        try (ResultSet row = statement.executeQuery(query)) {
            return broken(row);
        }
    }

    private static Broken broken(ResultSet row) throws SQLException {
        List<Row> rows = new ArrayList<>();
        int width = row.getMetaData().getColumnCount();
        while (row.next()) {
            StringBuilder exact = new StringBuilder();
            StringJoiner shown = new StringJoiner(", ");
            for (int i = 1; i <= width; i++) {
                byte[] bytes = row.getBytes(i);
                exact.append(bytes == null ? "N" : HexFormat.of().formatHex(bytes))
                        .append(',');
                shown.add(row.getString(i));
            }
            rows.add(new Row(exact.toString(), shown.toString()));
        }
        return new Broken(rows.stream().sorted(Comparator.comparing(Row::exact)).toList());
    }

    /**
     * Accepts that an invariant does not hold, for the rows that break it now.
     *
     * @throws DualWriteException DW-5015, if it is not known, holds, or is not broken by the same rows on both sides
     */
    void accept(String name, String reason, Side owner, long epoch) throws SQLException {
        String query = settings.invariants().get(name);
        if (query == null) {
            throw refused(
                    name, "is not known; there are " + settings.invariants().keySet());
        }
        Map<Side, Broken> broken = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            broken.put(side, on(side, statement -> ask(statement, query, settings.flipBudget())));
        }
        Broken source = broken.getOrDefault(Side.SOURCE, new Broken(List.of()));
        Broken target = broken.getOrDefault(Side.TARGET, new Broken(List.of()));
        if (!source.rows().equals(target.rows())) {
            throw refused(
                    name,
                    "is not broken by the same rows on both sides, so that is not how it was before: on the source "
                            + source + "; on the target " + target + ". Converge, verify and repair first");
        }
        if (source.rows().isEmpty()) {
            throw refused(name, "holds on both sides");
        }
        if (source.rows().size() > ACCEPTED) {
            throw refused(name, "is broken by more than " + ACCEPTED + " rows: let the query leave out what is known");
        }
        for (Side side : List.of(owner.other(), owner)) { // the owner's is what counts, so it comes last
            ControlSide control = places.of(side).control();
            control.inTransaction(connection -> {
                control.flags().set(connection, flag(name, query), source.digest(), settings.instance());
                return name;
            });
            audit.add(side, epoch, "invariant-accepted", name + ", " + reason + ": " + source);
        }
    }

    private static DualWriteException refused(String name, String why) {
        return new DualWriteException("DW-5015", "the invariant '" + name + "' " + why);
    }

    /** Another query under the same name was not accepted; and a flag has 40 ASCII characters. */
    private static String flag(String invariant, String query) {
        return "accept " + Digest.ofRows(List.of(invariant, query));
    }
}
