package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.schema.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Who holds the fence row of a side in a long transaction, for the operator who has to end it. */
final class FenceHolders {
    private FenceHolders() {}

    /**
     * One sentence for each transaction that has been open for longer than {@code age} and holds the fence row. Empty on
     * MariaDB, which does not say who holds a lock that nobody waits for, and for an account that may not look.
     */
    static List<String> list(ControlSide control, Connection connection, Duration age) throws SQLException {
        if (control.dialect() == Dialect.MARIADB) {
            return List.of();
        }
        List<String> holders = new ArrayList<>();
        // the server tells the start of a transaction in its own time zone, and cuts it to the second
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT p.user, p.host, TIMESTAMPDIFF(MICROSECOND, t.began, UTC_TIMESTAMP(6)) / 1000, p.id
                          FROM performance_schema.data_locks l
                          JOIN (SELECT trx_id, trx_mysql_thread_id, CONVERT_TZ(trx_started, 'SYSTEM', '+00:00') AS began
                                  FROM information_schema.innodb_trx) t ON t.trx_id = l.engine_transaction_id
                          JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
                         WHERE l.object_schema = '%s' AND l.object_name = '%s' AND l.lock_type = 'RECORD'
                           AND l.lock_status = 'GRANTED' AND l.lock_data LIKE '''%s'',%%'
                           AND t.began < UTC_TIMESTAMP(6) - INTERVAL %d MICROSECOND\
                        """.formatted(
                                control.names().schema(),
                                control.names().prefix() + "fence",
                                control.names().migration(),
                                age.plusSeconds(1).toNanos() / 1000))) {
            while (row.next()) {
                holders.add("account " + row.getString(1) + " from " + row.getString(2) + " has held the fence of "
                        + control.side() + " for " + row.getLong(3) + " ms (connection " + row.getLong(4)
                        + "): wait for it, or end it");
            }
        } catch (SQLException e) {
            if (e.getErrorCode() == 1142 || e.getErrorCode() == 1227 || e.getErrorCode() == 1044) {
                return List.of();
            }
            throw e;
        }
        return holders;
    }
}
