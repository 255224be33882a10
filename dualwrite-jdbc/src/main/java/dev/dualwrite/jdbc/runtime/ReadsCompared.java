package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.flip.FenceRow;
import java.sql.SQLException;
import java.util.Optional;

/** What the comparison of reads has to say to the gate. Thread-safe. */
@FunctionalInterface
interface ReadsCompared {

    /** Why reads are not known to answer the same on both sides; empty if they are. */
    Optional<String> wrong(FenceRow owner) throws SQLException;
}
