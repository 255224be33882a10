package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.sql.DerivedSql;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a batch, as the application asked for it.
 *
 * @param <T> {@code int[]} or {@code long[]}
 */
interface Batch<T> {

    /** One element. */
    record Element(String sql, Parameters parameters) {}

    List<Element> elements();

    /** In seconds; 0 for none. */
    int timeout();

    /** Executes all elements as the driver does. */
    T runAll(Physical physical) throws SQLException;

    /** Executes one element alone, as it is or derived, and answers its update count. */
    long runOne(Physical physical, int element, @Nullable DerivedSql derived) throws SQLException;

    /** The answer for these counts. */
    T result(long[] counts);
}
