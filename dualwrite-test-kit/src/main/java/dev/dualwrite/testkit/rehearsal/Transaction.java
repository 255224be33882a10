package dev.dualwrite.testkit.rehearsal;

import java.sql.Connection;
import java.sql.SQLException;

/** One transaction of a load: the host's own code, or a {@link StatementMix}. Called by many threads at a time. */
@FunctionalInterface
public interface Transaction {
    /**
     * Does its work on a connection of the migration, in a transaction that the rehearsal has begun and will end: it neither
     * commits nor rolls back nor closes. What it throws undoes the transaction, which is then done again with the same number.
     *
     * @param number of the transaction, from 0; the same for each try, so that what it writes can be made from it
     */
    void run(Connection connection, long number) throws SQLException;
}
