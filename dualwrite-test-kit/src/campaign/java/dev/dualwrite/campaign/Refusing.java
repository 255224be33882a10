package dev.dualwrite.campaign;

import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A table of one side that refuses every other row, as a constraint would that the other side does not have. */
final class Refusing {
    private static final int LOCK_WAIT_SECONDS = 1;
    private static final List<String> EVENTS = List.of("INSERT", "UPDATE");

    private final Schema schema;
    private final Table table;

    Refusing(Schema schema, Table table) {
        this.schema = schema;
        this.table = table;
    }

    /** @throws SQLException also if somebody uses the table for longer than a second */
    void begin() throws SQLException {
        for (String event : EVENTS) {
            run("CREATE TRIGGER campaign_refuses_" + event + " BEFORE " + event + " ON " + table.name()
                    + " FOR EACH ROW BEGIN IF NEW.lot % 2 = 0 THEN"
                    + " SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'refused'; END IF; END");
        }
    }

    private void run(String ddl) throws SQLException {
        try (Connection connection = schema.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS);
            statement.execute(ddl);
        }
    }

    /** It takes rows again. Waits for whoever uses it. */
    void end() {
        for (String event : EVENTS) {
            Eventually.eventually().until(table.name() + " takes rows again", () -> {
                run("DROP TRIGGER IF EXISTS campaign_refuses_" + event);
                return true;
            });
        }
    }
}
