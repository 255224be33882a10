package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every example of {@link StatementKinds} runs, and what becomes of it is what stands there; judged as {@link OnStage} says. */
class StatementKindsIT extends OnStage {

    @Scenario({22, 24, 30, 31, 35, 83})
    @Requirement(185)
    @ParameterizedTest
    @CsvSource({
        "DUAL_WRITE, true",
        "DUAL_WRITE, false",
        "SOURCE_ONLY, true",
        "REVERSE_WINDOW, false",
        "TARGET_ONLY, true"
    })
    void eachKindOfStatementIsCapturedPassedOnOrRefused(Phase phase, boolean autoCommit) throws Exception {
        stage = new Stage(
                "&allowMultiQueries=true&allowLoadLocalInfile=true", StatementKinds.MOVED, StatementKinds.DDL);
        stage.enter(phase);
        List<String> wrong = new ArrayList<>();
        try (Judge judge = new Judge(stage, phase.owner())) {
            for (StatementRow row : StatementKinds.ALL) {
                if (!row.together() || !autoCommit) {
                    Verdict expected = phase.capturing() ? row.expected() : row.otherwise();
                    if (row.whileTargetOwns() != null && phase.owner() == Side.TARGET) {
                        expected = Verdict.refused(row.whileTargetOwns());
                    }
                    check(judge, row, row.sql(), expected, phase.owner(), autoCommit, wrong);
                }
                if (row.elsewhere() != null) {
                    check(
                            judge,
                            row,
                            row.elsewhere().sql(),
                            row.elsewhere().expected(),
                            phase.owner(),
                            autoCommit,
                            wrong);
                }
            }
            judge.restore(StatementKinds.ROWS);
        }
        assertThat(wrong).isEmpty();
    }

    private void check(
            Judge judge,
            StatementRow row,
            String example,
            Verdict expected,
            Side owner,
            boolean autoCommit,
            List<String> wrong)
            throws Exception {
        String sql =
                example.replace("{own}", stage.schemaName(owner)).replace("{other}", stage.schemaName(owner.other()));
        judge.restore(StatementKinds.ROWS);
        Verdict verdict = judge.of(autoCommit, connection -> {
            for (String first : row.before()) {
                execute(connection, first);
            }
            try {
                if (autoCommit) {
                    execute(connection, sql);
                } else {
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        statement.execute();
                    }
                }
            } finally {
                for (String first : row.before()) {
                    undo(connection, first);
                }
            }
        });
        if (!verdict.is(expected)) {
            wrong.add(sql + " is " + verdict + " instead of " + expected);
        }
    }

    /** Whoever has this session next is to find nothing. */
    private static void undo(Connection connection, String first) throws SQLException {
        if (first.startsWith("SET SESSION ")) {
            execute(connection, first.substring(0, first.indexOf('=') + 1) + " DEFAULT");
        } else if (first.startsWith("SET character_set_")) {
            execute(connection, "SET NAMES utf8mb4");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
