package dev.dualwrite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.HarnessBuilder;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.rehearsal.Transaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A {@link Transaction} of a load: it changes something, all of it on the connection that it is given, and leaves the end of the
 * transaction to the rehearsal; undone, it can be done again with its number. Needs the two servers.
 */
public abstract class TransactionContract {
    private static final int TRANSACTIONS = 5;

    /** For the subclass, once for each test. */
    protected TransactionContract() {}

    /** The transaction under test. */
    protected abstract Transaction transaction();

    /** Databases in which it can run, not started yet: schema, and the rows that it needs. */
    protected abstract HarnessBuilder databases();

    @Test
    final void changesSomethingAndLeavesTheEndToTheRehearsal() throws SQLException {
        try (DualWriteHarness kit = databases().start();
                Connection connection = kit.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Map<String, String> before = checksums(kit.source());
            for (int number = 0; number < TRANSACTIONS; number++) {
                transaction().run(connection, number);
                assertThat(connection.isClosed())
                        .as("closed by transaction %s", number)
                        .isFalse();
                assertThat(connection.getAutoCommit())
                        .as("autocommit after transaction %s", number)
                        .isFalse();
                assertThat(checksums(kit.source()))
                        .as("stored by transaction %s itself", number)
                        .isEqualTo(before);
                connection.rollback();
            }
            assertThat(checksums(kit.source())).as("stored although undone").isEqualTo(before);
            for (int number = 0; number < TRANSACTIONS; number++) {
                transaction().run(connection, number); // again, with the same number
                connection.commit();
            }
            assertThat(checksums(kit.source()))
                    .as("stored by %s transactions", TRANSACTIONS)
                    .isNotEqualTo(before);
        }
    }

    @Test
    final void whatItChangesComesToTheOtherSide() throws SQLException {
        try (DualWriteHarness kit = databases().start()) {
            try (Connection connection = kit.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                for (int number = 0; number < TRANSACTIONS; number++) {
                    transaction().run(connection, number);
                    connection.commit();
                }
            }
            kit.oracle().assertHolds();
        }
    }

    /** Of all tables but those of the library, as another session sees them. */
    private static Map<String, String> checksums(Database database) throws SQLException {
        Map<String, String> sums = new TreeMap<>();
        for (String table : database.column("SELECT table_name FROM information_schema.tables WHERE table_schema ="
                + " DATABASE() AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'dualwrite\\_%'")) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("CHECKSUM TABLE `" + table + "`")) {
                sums.put(table, row.next() ? String.valueOf(row.getString(2)) : "none");
            }
        }
        return sums;
    }
}
