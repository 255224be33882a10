package dev.dualwrite.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explores the protocol exhaustively within the bounds of {@link #bounds()}, and prints how many states there are. Everything
 * may stop for any time between two steps, and end at any.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelTest {
    private static final Logger LOG = LoggerFactory.getLogger(ModelTest.class);

    /** Two flips there and back, with all that writes a follower. */
    static final Bounds CONVERGING = new Bounds("converging", 2, 1, 1, 2, 1, false, 0, 1, 2);

    /** Two coordinators, three flips. */
    static final Bounds FLIPS = new Bounds("flips", 1, 1, 1, 1, 0, false, 0, 2, 3);

    /** All that there is but verification, one flip. */
    static final Bounds TOGETHER = new Bounds("together", 2, 1, 1, 2, 1, false, 0, 2, 1);

    /** Two rows that are one unit, there and back. */
    static final Bounds ONE_UNIT = new Bounds("one unit of two rows", 2, 2, 1, 2, 0, false, 0, 1, 2);

    /** Two units, of which the second joins a converging transaction of the first. */
    static final Bounds TWO_UNITS = new Bounds("two units that clash", 2, 2, 2, 2, 0, false, 0, 1, 2);

    /** Verifications while a converger once writes something wrong, then a flip. */
    static final Bounds VERIFICATION = new Bounds("verification", 2, 1, 1, 2, 1, true, 1, 1, 1);

    private final Set<Step> taken = EnumSet.noneOf(Step.class);

    static List<Bounds> bounds() {
        return List.of(CONVERGING, FLIPS, TOGETHER, ONE_UNIT, TWO_UNITS, VERIFICATION);
    }

    @BeforeAll
    void forgetsWhatWasTaken() {
        taken.clear();
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void noOrderOfStepsBreaksAnInvariant(Bounds bounds) {
        Explorer.Verdict verdict = new Explorer(bounds, EnumSet.noneOf(Rule.class)).explore();
        taken.addAll(verdict.taken());
        LOG.info("{}: {} states, {}", bounds.name(), verdict.states(), bounds);
        assertThat(verdict.broken())
                .as(() -> "broken by:\n" + String.join("\n", verdict.trace()))
                .isEmpty();
    }

    /** A step that nobody can take proves nothing. One belongs to a rule that is taken out. */
    @AfterAll
    void eachStepWasTaken() {
        assertThat(EnumSet.complementOf(EnumSet.copyOf(taken))).containsExactly(Step.WRITER_WRITES_INTENT);
    }
}
