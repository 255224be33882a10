package dev.dualwrite.testkit.assertion;

import dev.dualwrite.testkit.oracle.Invariant;
import dev.dualwrite.testkit.oracle.Parity;
import dev.dualwrite.testkit.oracle.Sample;

/**
 * Where assertions begin:
 *
 * <pre>{@code
 * assertThat(parity).tables("orders", "order_line").isIdentical();
 * assertThat(invariant).holdsOnBothSides();
 * assertThat(sample).arrives("orders");
 * }</pre>
 */
public final class DualWriteAssertions {
    private DualWriteAssertions() {}

    /** Begins to say what of two databases has to be the same. */
    public static ParityAssert assertThat(Parity actual) {
        return new ParityAssert(actual);
    }

    /** Begins to say where an invariant has to hold. */
    public static InvariantAssert assertThat(Invariant actual) {
        return new InvariantAssert(actual);
    }

    /** Begins to say what a sample has to have changed, and that it has arrived. */
    public static SampleAssert assertThat(Sample actual) {
        return new SampleAssert(actual);
    }
}
