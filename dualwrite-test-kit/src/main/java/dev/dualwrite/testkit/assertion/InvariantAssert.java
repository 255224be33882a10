package dev.dualwrite.testkit.assertion;

import dev.dualwrite.testkit.oracle.Invariant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Asserts that an invariant holds. A query that a server does not take is a failure. For one thread. */
public final class InvariantAssert extends AbstractAssert<InvariantAssert, Invariant> {
    private static final int SHOWN = 10;

    InvariantAssert(Invariant actual) {
        super(actual, InvariantAssert.class);
        isNotNull();
    }

    /** It holds on the source and on the target, each by itself; a failure tells the rows that break it, of both. */
    public InvariantAssert holdsOnBothSides() {
        return holds(true, true);
    }

    /** It holds on the source. */
    public InvariantAssert holdsOnSource() {
        return holds(true, false);
    }

    /** It holds on the target. */
    public InvariantAssert holdsOnTarget() {
        return holds(false, true);
    }

    private InvariantAssert holds(boolean onSource, boolean onTarget) {
        List<String> broken = new ArrayList<>();
        try {
            if (onSource) {
                actual.brokenOnSource(SHOWN).forEach(row -> broken.add("on the source: " + row));
            }
            if (onTarget) {
                actual.brokenOnTarget(SHOWN).forEach(row -> broken.add("on the target: " + row));
            }
        } catch (SQLException e) {
            throw new AssertionError("\"" + actual.name() + "\" could not be asked: " + e.getMessage(), e);
        }
        if (!broken.isEmpty()) {
            failWithMessage(
                    "\"%s\" does not hold; broken by%n  %s",
                    actual.name(), String.join(System.lineSeparator() + "  ", broken));
        }
        return this;
    }
}
