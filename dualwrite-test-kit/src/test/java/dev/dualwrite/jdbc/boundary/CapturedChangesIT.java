package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.corpus.Corpus;
import dev.dualwrite.corpus.Form;
import dev.dualwrite.corpus.Mode;
import dev.dualwrite.corpus.Sample;
import dev.dualwrite.corpus.Scratch;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.jdbc.boundary.ScratchSide.Place;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The statements of the {@link Corpus} through the boundary: all tables are compared before and after, and every row that
 * differs has an intent, or the statement was refused before it ran. What a server refuses or counts without the boundary
 * it refuses and counts with it.
 */
@Scenario({21, 22, 24, 30, 35})
class CapturedChangesIT {
    /** Of a value in a condition, which a strict server refuses when it changes rows. */
    private static final int CONVERSION = 1292;

    /** What became of a statement. */
    private sealed interface Outcome {
        /** @param count of rows; -1 for a query */
        record Ran(int count) implements Outcome {}

        record Refused(String code) implements Outcome {}

        record Failed(int code) implements Outcome {}
    }

    @Test
    void everyRowThatAStatementChangesHasAnIntent() throws Exception {
        Corpus corpus = Corpus.of(720);
        CorpusReport report = new CorpusReport();
        List<String> faults = new ArrayList<>();
        try (Stage stage = new Stage("", Scratch.moved(), Scratch.ddl());
                ScratchSide source = new ScratchSide(stage, Side.SOURCE);
                ScratchSide target = new ScratchSide(stage, Side.TARGET);
                Connection through = stage.connect();
                Connection past = stage.direct(Side.TARGET)) {
            source.restoreAll();
            target.restoreAll();
            Map<Place, String> before = source.rows();
            assertThat(target.rows()).isEqualTo(before);
            past.setAutoCommit(false);
            for (Sample sample : corpus.samples().toList()) {
                Outcome raw = run(past, sample, stage.schemaName(Side.TARGET));
                past.rollback();
                through.setAutoCommit(sample.number() % 2 == 0);
                Outcome outcome = run(through, sample, stage.schemaName(Side.SOURCE));
                if (sample.number() % 2 != 0) {
                    through.commit();
                }
                Set<Place> changed = changed(before, source.rows());
                Set<Place> captured = source.intents();
                Set<Place> moved = changed.stream().filter(Place::moved).collect(Collectors.toCollection(TreeSet::new));
                Set<Place> missed = new TreeSet<>(moved);
                missed.removeAll(captured);
                if (!missed.isEmpty()) {
                    missed.removeAll(source.read(captured));
                    missed.removeAll(target.read(captured));
                }
                if (!missed.isEmpty()) {
                    faults.add(sample + "\n  changed and did not capture " + missed + ", captured " + captured);
                }
                if (outcome instanceof Outcome.Refused && !changed.isEmpty()) {
                    faults.add(sample + "\n  was refused and changed " + changed);
                }
                if (!same(sample, raw, outcome)) {
                    faults.add(sample + "\n  " + outcome + ", and " + raw + " without the boundary");
                }
                report.add(sample, name(outcome), moved.size(), captured.size());
                if (!changed.isEmpty()) {
                    source.restore(changed.stream().map(Place::table).collect(Collectors.toSet()));
                }
            }
        }
        System.out.println(report);
        assertThat(faults).isEmpty();
        assertThat(report.surprises(corpus.whole())).isEmpty();
    }

    private static String name(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return refused.code();
        }
        return outcome instanceof Outcome.Ran ? "ran" : "failed";
    }

    /** Whether the boundary changed nothing of what the host sees, unless it refused. */
    private static boolean same(Sample sample, Outcome raw, Outcome outcome) {
        boolean repeatable = !sample.sql().contains("RAND") && !sample.sql().contains("@");
        if (outcome instanceof Outcome.Refused || !repeatable) {
            return true;
        }
        // of rows that are not among the keys nothing is converted; and the selection of keys fails in its own way
        return raw instanceof Outcome.Failed failed
                ? outcome instanceof Outcome.Failed || failed.code() == CONVERSION
                : outcome.equals(raw);
    }

    private static Set<Place> changed(Map<Place, String> before, Map<Place, String> after) {
        Map<Place, String> all = new HashMap<>(before);
        all.putAll(after);
        return all.keySet().stream()
                .filter(place -> !String.valueOf(before.get(place)).equals(String.valueOf(after.get(place))))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Outcome run(Connection connection, Sample sample, String schema) throws SQLException {
        set(connection, sample.mode());
        String sql = sample.in(schema);
        int way = (int) (sample.number() / 7 % 4);
        try {
            if (sample.parameters().isEmpty() && way < 2) {
                try (Statement statement = connection.createStatement()) {
                    return new Outcome.Ran(statement.execute(sql) ? -1 : statement.getUpdateCount());
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < sample.parameters().size(); i++) {
                    statement.setObject(i + 1, sample.parameters().get(i));
                }
                if (way == 3 && sample.form() != Form.SELECT) {
                    statement.addBatch();
                    return new Outcome.Ran(statement.executeBatch()[0]);
                }
                return new Outcome.Ran(statement.execute() ? -1 : statement.getUpdateCount());
            }
        } catch (SQLException e) {
            return outcome(e);
        }
    }

    private static Outcome outcome(SQLException e) {
        Throwable cause = e instanceof BatchUpdateException && e.getCause() != null ? e.getCause() : e;
        return cause instanceof StatementRefusedException refused
                ? new Outcome.Refused(String.valueOf(refused.getMessage()).substring(0, 7))
                : new Outcome.Failed(e.getErrorCode());
    }

    private static void set(Connection connection, Mode mode) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = '" + mode.sqlMode() + "'");
        }
    }
}
