package dev.dualwrite.jdbc;

import dev.dualwrite.jdbc.runtime.Seams;
import java.util.List;

/** What the library shows to its own tests only, for those that live in another package. */
public final class Inside {
    private Inside() {}

    /** Lets a test stand between two steps. */
    public static DualWriteBuilder seams(DualWriteBuilder builder, Seams seams) {
        return builder.seams(seams);
    }

    /** How many connections of its own pools an instance uses at this moment. */
    public static int busy(DualWrite dualWrite) {
        return dualWrite.busy();
    }

    /** The bugs that the tests of interleavings have to find. */
    public static List<PlantedBug> plantedBugs() {
        return PlantedBugsIT.bugs().map(PlantedBugsIT.Bug::planted).toList();
    }

    /** Runs the tests that its arguments name, in a JVM of its own. */
    public static Class<?> oneTest() {
        return OneTest.class;
    }
}
