package dev.dualwrite.testkit;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.testkit.fault.Database;

/**
 * What a suite adds to its databases and its migration. A class that implements it has a constructor without parameters, and
 * an instance is made for each test.
 */
public interface DualWriteSetup {
    /**
     * Makes tables and rows, for example by the host's own migrations; called for each side before the library starts. By
     * default nothing.
     */
    default void prepare(Side side, Database database) throws Exception {}

    /** Configures the migration further. By default not. */
    default DualWriteBuilder configure(DualWriteBuilder builder) {
        return builder;
    }
}
