package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.boundary.Capture.Before;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Runs a batch as single statements, and answers as the driver's own batch would. */
final class OneByOne {
    private final Explicit explicit;
    private final Physical physical;

    OneByOne(Explicit explicit, Physical physical) {
        this.explicit = explicit;
        this.physical = physical;
    }

    <T extends @Nullable Object> T run(BatchCapture capture, Batch<T> batch) throws SQLException {
        boolean continues = Driver.continuesBatch(physical.connection());
        long[] counts = new long[capture.size()];
        SQLException first = null;
        int done = 0;
        while (done < counts.length) {
            try {
                Before before = capture.before(physical.connection(), done);
                counts[done] = batch.runOne(physical, done, explicit.capture(physical, before));
                explicit.spill(physical);
            } catch (OwnershipException e) {
                throw e;
            } catch (SQLException e) {
                first = first == null ? e : first;
                counts[done] = Statement.EXECUTE_FAILED;
                if (!explicit.failed(physical, e, false)) {
                    Arrays.fill(counts, Statement.EXECUTE_FAILED);
                    throw failed(e, counts);
                }
                if (!continues) {
                    break;
                }
            }
            done++;
        }
        explicit.learnAll(physical, capture.generated());
        if (first != null) {
            throw failed(first, done < counts.length ? Arrays.copyOf(counts, done) : counts);
        }
        return batch.result(counts);
    }

    static BatchUpdateException failed(SQLException cause, long[] counts) {
        return new BatchUpdateException(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), counts, cause);
    }
}
