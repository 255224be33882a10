package dev.dualwrite.testkit.assertion;

import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.oracle.ParityReport;
import dev.dualwrite.testkit.oracle.Sample;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractAssert;

/** Asserts that what a sample changed is the same on both sides. For one thread. */
public final class SampleAssert extends AbstractAssert<SampleAssert, Sample> {
    private static final int SHOWN = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    SampleAssert(Sample actual) {
        super(actual, SampleAssert.class);
        isNotNull();
    }

    /** As {@link #arrivesWithin}, within 30 s. */
    public SampleAssert arrives(String... tables) {
        return arrivesWithin(PATIENCE, tables);
    }

    /**
     * Every row that it inserted, changed or deleted is the same on both sides, or gets to be in time. A sample that changed
     * nothing fails.
     *
     * @param tables of each of which it has to have changed a row
     */
    public SampleAssert arrivesWithin(Duration patience, String... tables) {
        if (actual.rows() == 0) {
            failWithMessage("the sample changed no row, so nothing can arrive");
        }
        List<String> untouched = List.of(tables).stream()
                .filter(table -> !actual.tables().contains(table))
                .toList();
        if (!untouched.isEmpty()) {
            failWithMessage("the sample changed rows of %s, and none of %s", actual.tables(), untouched);
        }
        AtomicReference<String> last = new AtomicReference<>("the sides could not be compared");
        try {
            Eventually.within(patience)
                    .until(
                            () -> {
                                ParityReport report = actual.compare(SHOWN);
                                last.set(report.toString());
                                return report.identical();
                            },
                            last::get);
        } catch (AssertionError e) {
            failWithMessage("the sample of %d rows has not arrived. %s", actual.rows(), e.getMessage());
        }
        return this;
    }
}
