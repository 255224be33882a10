package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every feature of {@link JdbcFeatures} is used, and what becomes of it is what stands there; judged as {@link OnStage} says. */
class JdbcFeaturesIT extends OnStage {

    @Scenario({30, 32})
    @Test
    void eachFeatureIsCapturedPassedOnOrRefused() throws Exception {
        stage = new Stage("&allowMultiQueries=true", StatementKinds.MOVED, StatementKinds.DDL);
        List<String> wrong = new ArrayList<>();
        try (Judge judge = new Judge(stage, Side.SOURCE)) {
            for (Feature feature : JdbcFeatures.ALL) {
                judge.restore(StatementKinds.ROWS);
                try {
                    Verdict verdict = judge.of(
                            feature.autoCommit(), connection -> feature.use().of(connection, stage));
                    if (!verdict.is(feature.expected())) {
                        wrong.add(feature + " is " + verdict + " instead of " + feature.expected());
                    }
                } catch (AssertionError e) {
                    wrong.add(feature + ": " + e.getMessage());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
