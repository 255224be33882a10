package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.sql.DerivedSql;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one text, as the application asked for it.
 *
 * @param <T> what it is to answer
 */
interface Single<T> {

    String sql();

    Parameters parameters();

    /** In seconds; 0 for none. */
    int timeout();

    /** Whether its result set would write by itself. */
    boolean updatable();

    /** Whether its result set may still speak to the server after it has run. */
    boolean readLater();

    /** Executes the text as it is. */
    T run(Physical physical) throws SQLException;

    /** Executes another text with the same options, repeating parameters. */
    T runDerived(Physical physical, DerivedSql derived) throws SQLException;

    /** What takes notes of its result; null for nothing. */
    void sampled(@Nullable Sampled by);

    /** The physical statement that was executed last. */
    Statement executed();

    /** Fetches the warnings of the statement that was executed last, before they are cleared. */
    void keepWarnings() throws SQLException;
}
