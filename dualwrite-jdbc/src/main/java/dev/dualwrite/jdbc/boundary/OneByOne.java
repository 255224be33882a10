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
        boolean joined = counts.length >= batch.joinedFrom() && Driver.joinsBatch(physical.connection());
        SQLException last = null;
        int done = 0;
        while (done < counts.length) {
            try {
                Before before = capture.before(physical.connection(), done);
                counts[done] = batch.runOne(physical, done, explicit.capture(physical, before));
                explicit.spill(physical);
            } catch (OwnershipException e) {
                throw e;
            } catch (SQLException e) {
                last = e;
                counts[done] = Statement.EXECUTE_FAILED;
                if (!explicit.failed(physical, e, false)) {
                    Arrays.fill(counts, Statement.EXECUTE_FAILED);
                    throw failed(e, counts);
                }
                if (joined || !continues) {
                    break;
                }
            }
            done++;
        }
        try {
            if (!capture.generated().isEmpty() && Driver.hasWarnings(physical.connection())) {
                batch.keepWarnings();
            }
        } finally {
            explicit.learnAll(physical, capture.generated());
        }
        if (last != null) {
            throw failed(last, joined ? joined(counts, continues) : told(batch, counts, done));
        }
        return batch.result(counts);
    }

    private static long[] told(Batch<?> batch, long[] counts, int done) {
        return done < counts.length ? batch.stopped(counts, done) : counts;
    }

    /** Of one text that failed somewhere Connector/J tells this. The server has not gone on behind that place. */
    private static long[] joined(long[] counts, boolean continues) {
        long[] told = Arrays.copyOf(counts, continues ? counts.length : counts.length - 1);
        Arrays.fill(told, Statement.EXECUTE_FAILED);
        if (continues) {
            told[0] = -1;
        }
        return told;
    }

    static BatchUpdateException failed(SQLException cause, long[] counts) {
        return new BatchUpdateException(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), counts, cause);
    }
}
