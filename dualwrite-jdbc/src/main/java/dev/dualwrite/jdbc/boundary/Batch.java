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

    /** Fetches the warnings of what was executed last, before they are cleared. */
    void keepWarnings() throws SQLException;

    /** So many elements and more the driver sends as one text, if it is told to. */
    int joinedFrom();

    /** What the driver tells where it does not go on behind an element that failed. */
    long[] stopped(long[] counts, int at);

    /** The answer for these counts. */
    T result(long[] counts);
}
