package dev.dualwrite.jdbc.transparency;

import java.io.StringReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Scripts that meet what is refused and what is allowed, so that each run knows whether it still is. */
final class RollCall {
    private final List<Call> calls = new ArrayList<>();

    private RollCall() {}

    private record Text(Refused why, String sql) {}

    private static final List<Text> TEXTS = List.of(
            new Text(Refused.REPLACE, "REPLACE INTO pair VALUES (1, 'x', 1)"),
            new Text(Refused.INSERT_SELECT, "INSERT INTO pair SELECT 9, 'x', 1"),
            new Text(Refused.ON_DUPLICATE, "INSERT INTO pair VALUES (1, 'x', 1) ON DUPLICATE KEY UPDATE v = 2"),
            new Text(Refused.IGNORE, "INSERT IGNORE INTO pair VALUES (1, 'x', 1)"),
            new Text(Refused.LIMITED, "DELETE FROM pair ORDER BY a, b LIMIT 1"),
            new Text(Refused.MULTI_TABLE, "UPDATE pair, code SET pair.v = code.v"),
            new Text(Refused.TRUNCATE, "TRUNCATE TABLE pair"),
            new Text(Refused.DEFINITION, "ALTER TABLE pair ADD more INT"),
            new Text(Refused.CALL, "CALL something()"),
            new Text(Refused.PREPARED_TEXT, "PREPARE x FROM 'SELECT 1'"),
            new Text(Refused.HANDLER, "HANDLER pair OPEN"),
            new Text(Refused.LOCK_TABLES, "LOCK TABLES pair WRITE"),
            new Text(Refused.XA, "XA START 'x'"),
            new Text(Refused.TRANSACTION_TEXT, "START TRANSACTION"),
            new Text(Refused.TRANSACTION_TEXT, "ROLLBACK"),
            new Text(Refused.TRANSACTION_TEXT, "SET autocommit = 1"),
            new Text(Refused.USE, "USE information_schema"),
            new Text(Refused.UNKNOWN, "FROBNICATE pair"),
            new Text(Refused.KEY_EXPRESSION, "INSERT INTO pair VALUES (@mine, 'x', 1)"),
            new Text(Refused.KEY_DEFAULT, "INSERT INTO pair (a, v) VALUES (1, 1)"),
            new Text(Refused.SHAPE, "INSERT INTO pair VALUES (1, 'x')"),
            new Text(Refused.UNREPEATABLE, "DELETE FROM pair WHERE RAND() < 2"));

    /** Each meets an allowed difference that ends a script. */
    static List<Script> endings() {
        return List.of(
                ending(
                        Realm.MOVED,
                        roll -> roll.act(
                                "c.setSavepoint()", host -> host.connection().setSavepoint())),
                ending(
                        Realm.MOVED,
                        roll -> roll.act("c.commit()", host -> host.connection().commit())),
                ending(Realm.MOVED, RollCall::queryOfAnInsert),
                ending(Realm.MOVED, RollCall::readOnlyBehindAStatement),
                ending(Realm.BOTH, RollCall::changeOfSides));
    }

    private static Script ending(Realm realm, Consumer<RollCall> meeting) {
        RollCall roll = new RollCall();
        roll.act("c = dataSource.getConnection()", Host::open);
        meeting.accept(roll);
        return new Script(realm, List.copyOf(roll.calls));
    }

    private void statement(String s) {
        act(s + " = c.createStatement()", host -> host.keep(s, host.connection().createStatement()));
    }

    private void queryOfAnInsert() {
        act("c.setAutoCommit(false)", host -> host.connection().setAutoCommit(false));
        statement("s1");
        String insert = "INSERT INTO item (v) VALUES (1)";
        calls.add(new Call(
                "s1.executeQuery(\"" + insert + "\")",
                host -> Seen.rows(host.statement("s1").executeQuery(insert))));
        act("c.commit()", host -> host.connection().commit());
    }

    private void readOnlyBehindAStatement() {
        act("c.setAutoCommit(false)", host -> host.connection().setAutoCommit(false));
        act(
                "p1 = c.prepareStatement(\"DELETE FROM code WHERE c = ?\")",
                host -> host.keep("p1", host.connection().prepareStatement("DELETE FROM code WHERE c = ?")));
        calls.add(new Call("p1.executeUpdate()", host -> host.prepared("p1").executeUpdate()));
        act("c.setReadOnly(true)", host -> host.connection().setReadOnly(true));
        statement("s1");
        String locking = "SELECT * FROM code ORDER BY c FOR UPDATE";
        calls.add(new Call(
                "s1.executeQuery(\"" + locking + "\")",
                host -> Seen.rows(host.statement("s1").executeQuery(locking))));
    }

    private void changeOfSides() {
        statement("s1");
        statement("s2");
        calls.add(new Call(
                "s1.executeUpdate(\"UPDATE code …\")",
                host -> host.statement("s1").executeUpdate("UPDATE code SET v = 1 WHERE c = 'a'")));
        calls.add(new Call(
                "s2.executeUpdate(\"UPDATE o_code …\")",
                host -> host.statement("s2").executeUpdate("UPDATE o_code SET v = 1 WHERE c = 'a'")));
        calls.add(new Call("s1.getUpdateCount()", host -> host.statement("s1").getUpdateCount()));
    }

    static Script script() {
        RollCall roll = new RollCall();
        roll.meet();
        return new Script(Realm.BOTH, List.copyOf(roll.calls));
    }

    private interface Act {
        void on(Host host) throws SQLException;
    }

    private void act(String text, Act act, Refused... refusals) {
        calls.add(new Call(
                text,
                host -> {
                    act.on(host);
                    return "";
                },
                Set.of(refusals)));
    }

    private void meet() {
        act("c = dataSource.getConnection()", Host::open);
        act("c.setAutoCommit(false)", host -> host.connection().setAutoCommit(false));
        act("s = c.createStatement()", host -> host.keep("s", host.connection().createStatement()));
        for (Text text : TEXTS) {
            act("s.execute(\"" + text.sql() + "\")", host -> host.statement("s").execute(text.sql()), text.why());
        }
        act("s.addBatch(\"SHOW TABLES\")", host -> host.statement("s").addBatch("SHOW TABLES"));
        act("s.addBatch(\"DELETE FROM pair\")", host -> host.statement("s").addBatch("DELETE FROM pair"));
        calls.add(new Call(
                "s.executeBatch()", host -> host.statement("s").executeBatch(), Set.of(Refused.MIXED_BATCH), host -> {
                    host.statement("s").clearBatch();
                    return "";
                }));
        act(
                "p = c.prepareStatement(\"DELETE FROM code WHERE c = ?\")",
                host -> host.keep("p", host.connection().prepareStatement("DELETE FROM code WHERE c = ?")));
        act("p.setCharacterStream(1, \"a\")", host -> host.prepared("p").setCharacterStream(1, new StringReader("a")));
        act("p.executeUpdate()", host -> host.prepared("p").executeUpdate(), Refused.STREAM);
        act("c.prepareCall(\"{call p()}\")", host -> host.connection().prepareCall("{call p()}"), Refused.CALLABLE);
        act(
                "c.createStatement(TYPE_FORWARD_ONLY, CONCUR_UPDATABLE).executeQuery(\"SELECT * FROM pair\")",
                host -> host.connection()
                        .createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE)
                        .executeQuery("SELECT * FROM pair"),
                Refused.UPDATABLE);
        act(
                "s.executeQuery(\"SELECT * FROM pair\")",
                host -> host.statement("s").executeQuery("SELECT * FROM pair"));
        act(
                "s.executeUpdate(\"UPDATE pair … IN (SELECT … FOR UPDATE)\")",
                host -> host.statement("s")
                        .executeUpdate("UPDATE pair SET v = 1 WHERE a IN (SELECT id FROM child FOR UPDATE)"),
                Refused.OLD_SNAPSHOT);
        act(
                "s.executeUpdate(\"INSERT INTO o_code VALUES ('roll', 1)\")",
                host -> host.statement("s").executeUpdate("INSERT INTO o_code (c, v) VALUES ('roll', 1)"),
                Refused.MIXED);
        act("c.rollback()", host -> host.connection().rollback());
        allowed();
        act("c.close()", host -> host.connection().close());
        act("c.createStatement()", host -> host.connection().createStatement());
    }

    /** What {@link Allowed} lists, as far as a script goes on behind it. */
    private void allowed() {
        act(
                "s.addBatch(\"UPDATE pair …\")",
                host -> host.statement("s").addBatch("UPDATE pair SET v = 1 WHERE v = 77"));
        calls.add(new Call("s.executeBatch()", host -> host.statement("s").executeBatch()));
        calls.add(new Call(
                "s.getGeneratedKeys()", host -> Seen.rows(host.statement("s").getGeneratedKeys())));
        calls.add(new Call(
                "s.executeUpdate(\"INSERT INTO code … duplicate\")",
                host -> host.statement("s").executeUpdate("INSERT INTO code (c, v) VALUES ('a', 1)")));
        calls.add(new Call(
                "s.executeQuery(\"SHOW COUNT(*) ERRORS\")",
                host -> Seen.rows(host.statement("s").executeQuery("SHOW COUNT(*) ERRORS"))));
        String warned = "INSERT INTO item (id, v) VALUES (NULL, 'no number'), (300, 1)";
        calls.add(new Call(
                "s.executeUpdate(\"" + warned + "\")",
                host -> host.statement("s").executeUpdate(warned)));
        act("s.execute(\"XA END 'x'\")", host -> host.statement("s").execute("XA END 'x'"), Refused.XA);
        calls.add(new Call(
                "s.getWarnings()", host -> Seen.warnings(host.statement("s").getWarnings())));
        act(
                "p1 = c.prepareStatement(\"DELETE FROM code WHERE c = ?\")",
                host -> host.keep("p1", host.connection().prepareStatement("DELETE FROM code WHERE c = ?")));
        act("p1.setString(1, \"nothing\")", host -> host.prepared("p1").setString(1, "nothing"));
        calls.add(new Call("p1.executeUpdate()", host -> host.prepared("p1").executeUpdate()));
        act("p1.clearParameters()", host -> host.prepared("p1").clearParameters());
        calls.add(new Call("p1.executeUpdate()", host -> host.prepared("p1").executeUpdate()));
        calls.add(new Call("p1.getUpdateCount()", host -> host.prepared("p1").getUpdateCount()));
        calls.add(new Call(
                "p1.getMoreResults()",
                host -> host.prepared("p1").getMoreResults() + " "
                        + host.prepared("p1").getUpdateCount()));
        act("p1.close()", host -> host.prepared("p1").close());
        for (String p : List.of("p2", "p4")) {
            String sql = "UPDATE item SET d = 1 WHERE v > ?";
            int than = p.equals("p2") ? 70 : 3;
            act(
                    p + " = c.prepareStatement(\"" + sql + "\")",
                    host -> host.keep(p, host.connection().prepareStatement(sql)));
            if (p.equals("p2")) {
                act("p2.setFetchSize(7)", host -> host.prepared(p).setFetchSize(7));
            }
            act(p + ".setInt(1, " + than + ")", host -> host.prepared(p).setInt(1, than));
            calls.add(new Call(p + ".executeUpdate()", host -> host.prepared(p).executeUpdate()));
            calls.add(new Call(p + " properties", host -> host.prepared(p).getFetchSize()));
            act(p + ".close()", host -> host.prepared(p).close());
        }
        act("c.rollback()", host -> host.connection().rollback());
        act(
                "p5 = c.prepareStatement(\"UPDATE item SET v = v + 1 WHERE v > ?\")",
                host -> host.keep("p5", host.connection().prepareStatement("UPDATE item SET v = v + 1 WHERE v > ?")));
        for (int than : new int[] {1, 3, 50}) {
            act("p5.setInt(1, " + than + ")", host -> host.prepared("p5").setInt(1, than));
            act("p5.addBatch()", host -> host.prepared("p5").addBatch());
        }
        calls.add(new Call("p5.executeBatch()", host -> host.prepared("p5").executeBatch()));
        act(
                "p3 = c.prepareStatement(\"DELETE FROM item WHERE v > ?\")",
                host -> host.keep("p3", host.connection().prepareStatement("DELETE FROM item WHERE v > ?")));
        act("p3.setInt(1, 70)", host -> host.prepared("p3").setInt(1, 70));
        for (int i = 0; i < 4; i++) {
            act("p3.addBatch()", host -> host.prepared("p3").addBatch());
        }
        calls.add(new Call("p3.executeBatch()", host -> host.prepared("p3").executeBatch()));
        calls.add(new Call(
                "p3.getMoreResults()",
                host -> host.prepared("p3").getMoreResults() + " "
                        + host.prepared("p3").getUpdateCount()));
        act("c.rollback()", host -> host.connection().rollback());
        act("c.setReadOnly(true)", host -> host.connection().setReadOnly(true));
        calls.add(new Call(
                "s.executeQuery(\"DELETE FROM code\")",
                host -> Seen.rows(host.statement("s").executeQuery("DELETE FROM code"))));
        calls.add(new Call("s.executeBatch()", host -> host.statement("s").executeBatch()));
        act("c.setReadOnly(false)", host -> host.connection().setReadOnly(false));
        act("c.rollback()", host -> host.connection().rollback());
    }
}
