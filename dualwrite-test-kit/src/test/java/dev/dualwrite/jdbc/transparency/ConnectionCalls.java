package dev.dualwrite.jdbc.transparency;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws what is asked of a connection and of its database. */
final class ConnectionCalls {
    /** What a server estimates. */
    private static final Set<String> ESTIMATES = Set.of("CARDINALITY");

    private ConnectionCalls() {}

    private interface Asked {
        ResultSet of(DatabaseMetaData data, String catalog) throws SQLException;
    }

    private static Call ask(String text, Asked asked) {
        return new Call("c.getMetaData()." + text, host -> {
            try (ResultSet rows =
                    asked.of(host.connection().getMetaData(), host.connection().getCatalog())) {
                return Seen.rest(rows, ESTIMATES);
            }
        });
    }

    private static Call act(String text, Act act) {
        return new Call("c." + text, host -> {
            act.on(host.connection());
            return "";
        });
    }

    private interface Act {
        void on(Connection connection) throws SQLException;
    }

    static Call draw(SplittableRandom random) {
        String table = Tables.FORMS.get(random.nextInt(Tables.FORMS.size()));
        boolean on = random.nextBoolean();
        return switch (random.nextInt(20)) {
            case 0, 1 -> new Call("c properties", host -> properties(host.connection()));
            case 2 ->
                new Call(
                        "c.getWarnings()",
                        host -> Seen.warnings(host.connection().getWarnings()));
            case 3 -> act("clearWarnings()", Connection::clearWarnings);
            case 4, 5 -> act("setReadOnly(" + on + ")", c -> c.setReadOnly(on));
            case 6 ->
                act(
                        "setTransactionIsolation(REPEATABLE_READ)",
                        c -> c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ));
            case 7 -> act("setTransactionIsolation(3)", c -> c.setTransactionIsolation(3));
            case 8 ->
                new Call("c.nativeSQL({fn now()})", host -> host.connection().nativeSQL("SELECT {d '2026-01-01'}"));
            case 9 -> new Call("c.isValid(1)", host -> host.connection().isValid(1));
            case 10 -> act("setHoldability(1)", c -> c.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT));
            case 11 -> act("setCatalog(c.getCatalog())", c -> c.setCatalog(c.getCatalog()));
            case 12 -> new Call("c.getClientInfo()", host -> host.connection().getClientInfo("ApplicationName"));
            case 13 -> ask("getTables(" + table + ")", (data, own) -> data.getTables(own, null, table, null));
            case 14 -> ask("getColumns(" + table + ")", (data, own) -> data.getColumns(own, null, table, "%"));
            case 15 -> ask("getPrimaryKeys(" + table + ")", (data, own) -> data.getPrimaryKeys(own, null, table));
            case 16 ->
                ask("getIndexInfo(" + table + ")", (data, own) -> data.getIndexInfo(own, null, table, true, false));
            case 17 -> ask("getImportedKeys(" + table + ")", (data, own) -> data.getImportedKeys(own, null, table));
            case 18 ->
                new Call(
                        "c.getMetaData()",
                        host -> host.connection().getMetaData().getDatabaseProductVersion() + " "
                                + host.connection().getMetaData().getDriverVersion() + " "
                                + (host.connection().getMetaData().getConnection() == host.connection()));
            default -> act("createArrayOf(INT, {})", c -> c.createArrayOf("INT", new Object[0]));
        };
    }

    private static String properties(Connection c) throws SQLException {
        return "autocommit " + c.getAutoCommit() + " isolation " + c.getTransactionIsolation() + " readonly "
                + c.isReadOnly() + " catalog " + c.getCatalog() + " schema " + c.getSchema() + " hold "
                + c.getHoldability() + " closed " + c.isClosed() + " timeout " + c.getNetworkTimeout() + " types "
                + c.getTypeMap();
    }
}
