package dev.dualwrite.benchmarks;

import java.sql.SQLException;

/** One way to write. Has databases of its own; is open only while it is measured. */
interface Contender extends AutoCloseable {
    /** As it stands in the report. */
    String name();

    Databases databases();

    /** Whether the target is to be equal to the source at the end. */
    boolean writesBoth();

    /** Whether this workload can be done in this way. */
    default boolean does(Workload workload) {
        return true;
    }

    /** Connects, for so many clients at once. */
    Running open(int clients) throws SQLException;

    @Override
    default void close() {
        databases().close();
    }
}
