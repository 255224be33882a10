package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.JdbcConnection;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.Background;
import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Moment;
import dev.dualwrite.testkit.fault.StatementLog;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transactions begin as text where they can. Whether they do, a host must not see: each script runs on a bare pool and
 * through the boundary, on equal tables, and what it saw and what it left must be the same. Judged as {@link OnStage}
 * says, too.
 */
class TransactionsIT extends OnStage {

    /** What a host does with a connection of which autocommit is off, and sees. */
    private interface Doing {
        void on(Connection c, List<String> seen, Stage stage) throws Exception;
    }

    private record Script(String name, Doing doing) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Script ROLLS_BACK = new Script("rolls back", (c, seen, stage) -> {
        update(c, "UPDATE item SET v = 10 WHERE id = 1");
        update(c, "INSERT INTO elsewhere (v) VALUES (1)");
        c.rollback();
        update(c, "UPDATE item SET v = 30 WHERE id = 3");
        c.rollback();
        update(c, "UPDATE item SET v = 20 WHERE id = 2");
        c.commit();
    });

    static List<Script> scripts() {
        return List.of(
                ROLLS_BACK,
                new Script("commits", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    c.commit();
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                }),
                new Script("leaves without commit", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    c.close();
                }),
                new Script("reads and leaves", (c, seen, stage) -> {
                    seen.add(ask(c, "SELECT v FROM item WHERE id = 1"));
                    c.close();
                }),
                new Script("switches on after a change", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    c.setAutoCommit(true);
                    seen.add(String.valueOf(c.getAutoCommit()));
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    c.setAutoCommit(false);
                    update(c, "UPDATE item SET v = 30 WHERE id = 3");
                    c.rollback();
                }),
                new Script("switches on after a read", (c, seen, stage) -> {
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 1"));
                    c.setAutoCommit(true);
                    seen.add(String.valueOf(stage.transactions(Side.SOURCE)));
                }),
                new Script("sees autocommit off", (c, seen, stage) -> {
                    seen.add(ask(c, "SELECT @@autocommit"));
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    seen.add(ask(c, "SELECT @@autocommit"));
                    c.rollback();
                }),
                new Script("keeps a snapshot", (c, seen, stage) -> {
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 1"));
                    stage.execute(Side.SOURCE, "UPDATE elsewhere SET v = 77 WHERE id = 1");
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 1"));
                    c.commit();
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 1"));
                }),
                new Script("sets the level of the next", (c, seen, stage) -> {
                    seen.add(ask(c, "SELECT 1"));
                    c.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 1"));
                    stage.execute(Side.SOURCE, "UPDATE elsewhere SET v = 77 WHERE id = 1");
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 1"));
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    c.rollback();
                }),
                new Script("goes back to a savepoint", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    Savepoint savepoint = c.setSavepoint();
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    c.rollback(savepoint);
                    c.releaseSavepoint(savepoint);
                    update(c, "UPDATE item SET v = 30 WHERE id = 3");
                    c.commit();
                    update(c, "UPDATE item SET v = 21 WHERE id = 2");
                    c.rollback();
                }),
                new Script("goes back to a savepoint that is gone", (c, seen, stage) -> {
                    Savepoint savepoint = c.setSavepoint();
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    c.commit();
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    seen.add(error(() -> c.rollback(savepoint)));
                    c.rollback();
                }),
                new Script("undoes a batch", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    try (Statement s = c.createStatement()) {
                        s.addBatch("INSERT INTO elsewhere (id, v) VALUES (100, 1)");
                        s.addBatch("INSERT INTO elsewhere (id, v) VALUES (1, 1)");
                        s.executeBatch();
                    } catch (BatchUpdateException e) {
                        seen.add(e.getErrorCode() + " " + e.getUpdateCounts().length);
                    }
                    c.rollback();
                }),
                new Script("commits by a definition", (c, seen, stage) -> {
                    update(c, "UPDATE elsewhere SET v = 10 WHERE id = 1");
                    update(c, "CREATE TABLE later (id INT PRIMARY KEY)");
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    update(c, "INSERT INTO later VALUES (1)");
                    c.rollback();
                    seen.add(ask(c, "SELECT COUNT(*) FROM later"));
                }),
                new Script("reads row by row", (c, seen, stage) -> {
                    try (Statement s = c.createStatement()) {
                        s.setFetchSize(Integer.MIN_VALUE);
                        try (ResultSet rows = s.executeQuery("SELECT id FROM elsewhere ORDER BY id FOR UPDATE")) {
                            while (rows.next()) {
                                seen.add(rows.getString(1));
                            }
                        }
                    }
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    c.rollback();
                }),
                new Script("writes by a result", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    try (Statement s = c.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE);
                            ResultSet row = s.executeQuery("SELECT id, v FROM elsewhere WHERE id = 1")) {
                        row.next();
                        row.updateInt(2, 99);
                        row.updateRow();
                    }
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 1"));
                    c.rollback();
                }),
                new Script("takes the drivers connection", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    JdbcConnection driver = c.unwrap(JdbcConnection.class);
                    seen.add(String.valueOf(driver.getAutoCommit()));
                    update(driver, "UPDATE elsewhere SET v = 99 WHERE id = 1");
                    c.rollback();
                    update(driver, "UPDATE elsewhere SET v = 99 WHERE id = 1");
                    c.rollback();
                }),
                new Script("takes the drivers connection from a result", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    try (Statement s = c.createStatement();
                            ResultSet row = s.executeQuery("SELECT id FROM elsewhere WHERE id = 1")) {
                        Connection driver = row.unwrap(com.mysql.cj.jdbc.result.ResultSetImpl.class)
                                .getStatement()
                                .getConnection();
                        update(driver, "UPDATE elsewhere SET v = 99 WHERE id = 1");
                    }
                    c.rollback();
                }),
                new Script("resets the session", (c, seen, stage) -> {
                    for (int i = 0; i < 3; i++) {
                        update(c, "UPDATE item SET v = 10 + " + i + " WHERE id = 1");
                        c.commit();
                    }
                    c.unwrap(JdbcConnection.class).resetServerState();
                    c.setAutoCommit(true);
                    c.setAutoCommit(false);
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    c.commit();
                    update(c, "UPDATE item SET v = 30 WHERE id = 3");
                    c.rollback();
                }),
                new Script("fails in a statement", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    seen.add(error(() -> update(c, "INSERT INTO item (id, v) VALUES (2, 1)")));
                    seen.add(error(() -> update(c, "INSERT INTO no_table VALUES (2, 1)")));
                    seen.add(error(() -> ask(c, "SELECT no_column FROM elsewhere")));
                    update(c, "UPDATE item SET v = 30 WHERE id = 3");
                    c.rollback();
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    seen.add(error(() -> update(c, "INSERT INTO item (id, v) VALUES (2, 1)")));
                    c.commit();
                }),
                new Script("waits too long for a lock", (c, seen, stage) -> {
                    update(c, "SET SESSION innodb_lock_wait_timeout = 1");
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    try (Connection other = stage.direct(Side.SOURCE)) {
                        other.setAutoCommit(false);
                        update(other, "UPDATE elsewhere SET v = 8 WHERE id = 1");
                        seen.add(error(() -> update(c, "UPDATE elsewhere SET v = 9 WHERE id = 1")));
                        other.rollback();
                    }
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    c.commit();
                }),
                new Script("is a deadlocks victim and goes on", (c, seen, stage) -> {
                    deadlock(c, seen, stage, () -> update(c, "UPDATE elsewhere SET v = 70 WHERE id = 2"));
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    seen.add(ask(c, "SELECT v FROM item WHERE id = 1"));
                    c.rollback();
                }),
                new Script("is a deadlocks victim and commits", (c, seen, stage) -> {
                    deadlock(c, seen, stage, () -> update(c, "UPDATE elsewhere SET v = 70 WHERE id = 2"));
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    c.commit();
                    update(c, "UPDATE item SET v = 30 WHERE id = 3");
                    c.rollback();
                }),
                new Script("locks a table", (c, seen, stage) -> {
                    c.setAutoCommit(true);
                    update(c, "LOCK TABLES elsewhere WRITE");
                    c.setAutoCommit(false);
                    update(c, "UPDATE elsewhere SET v = 8 WHERE id = 1");
                    try (Connection other = stage.direct(Side.SOURCE)) {
                        update(other, "SET SESSION lock_wait_timeout = 1");
                        seen.add(error(() -> update(other, "INSERT INTO elsewhere (id, v) VALUES (100, 1)")));
                    }
                    c.rollback();
                    update(c, "UNLOCK TABLES");
                }),
                new Script("only reads", (c, seen, stage) -> {
                    c.setReadOnly(true);
                    seen.add(ask(c, "SELECT v FROM item WHERE id = 1"));
                    seen.add(error(() -> ask(c, "SELECT no_column FROM item")));
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 1"));
                    seen.add(error(() -> update(c, "UPDATE elsewhere SET v = 9 WHERE id = 1")));
                    seen.add(error(() -> update(c, "UPDATE item SET v = 9 WHERE id = 2")));
                    seen.add(error(() -> update(c, "UPDATE item SET v = 9 WHERE v = 3")));
                    seen.add(error(() -> update(c, "INSERT INTO item (v) VALUES (9)")));
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 2"));
                    c.commit();
                    c.setReadOnly(false);
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    c.commit();
                }),
                new Script("only reads from now on", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    update(c, "UPDATE item SET v = 20 WHERE v = 2");
                    c.setReadOnly(true);
                    seen.add(error(() -> update(c, "UPDATE item SET v = 30 WHERE id = 3")));
                    seen.add(error(() -> update(c, "UPDATE item SET v = 30 WHERE v = 3")));
                    seen.add(error(() -> {
                        try (Statement s = c.createStatement()) {
                            s.addBatch("UPDATE item SET v = 30 WHERE id = 3");
                            s.executeBatch();
                        }
                    }));
                    c.commit();
                    c.setReadOnly(false);
                }),
                new Script("commits after an error that was no statement's", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    seen.add(error(() -> c.setCatalog("no_such_catalog")));
                    c.commit();
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    c.rollback();
                }),
                new Script("goes on after an error that was no statement's", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    seen.add(error(() -> c.setCatalog("no_such_catalog")));
                    update(c, "UPDATE item SET v = 20 WHERE id = 2");
                    c.rollback();
                }),
                new Script("leaves after an error that was no statement's", (c, seen, stage) -> {
                    update(c, "UPDATE item SET v = 10 WHERE id = 1");
                    seen.add(error(() -> c.setCatalog("no_such_catalog")));
                    c.close();
                }),
                new Script("switches on after an error that was no statement's", (c, seen, stage) -> {
                    seen.add(ask(c, "SELECT v FROM elsewhere WHERE id = 1"));
                    seen.add(error(() -> c.setCatalog("no_such_catalog")));
                    c.setAutoCommit(true);
                    seen.add(String.valueOf(stage.transactions(Side.SOURCE)));
                }),
                new Script("loses while it reads row by row", loses((c, seen, stage) -> readSlowly(c))),
                new Script("loses while a result writes", loses((c, seen, stage) -> updateOne(c))),
                new Script("loses in a batch", loses((c, seen, stage) -> batch(c))),
                new Script(
                        "loses behind the boundary",
                        loses((c, seen, stage) ->
                                update(c.unwrap(JdbcConnection.class), "UPDATE elsewhere SET v = 70 WHERE id = 2"))),
                new Script("loses behind a result", loses((c, seen, stage) -> {
                    try (Statement s = c.createStatement();
                            ResultSet row = s.executeQuery("SELECT id FROM elsewhere WHERE id = 1")) {
                        Connection driver = row.unwrap(com.mysql.cj.jdbc.result.ResultSetImpl.class)
                                .getStatement()
                                .getConnection();
                        update(driver, "UPDATE elsewhere SET v = 70 WHERE id = 2");
                    }
                })));
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    /** Class, SQLState and code, as a host tells errors apart. */
    private static String error(Call call) throws Exception {
        try {
            call.run();
            return "no error";
        } catch (SQLException e) {
            return e.getClass().getName() + " " + e.getSQLState() + " " + e.getErrorCode();
        }
    }

    /** What this connection does while another one waits for it: it is to lose. */
    private static void deadlock(Connection c, List<String> seen, Stage stage, Call fatal) throws Exception {
        try (Connection other = stage.direct(Side.SOURCE)) {
            other.setAutoCommit(false);
            update(other, "UPDATE elsewhere SET v = v + 1 WHERE id > 1");
            // it has changed more, so that this one is chosen
            update(other, "INSERT INTO elsewhere (v) VALUES (1), (2), (3), (4), (5), (6), (7), (8)");
            update(c, "UPDATE item SET v = 10 WHERE id = 1");
            update(c, "UPDATE elsewhere SET v = 70 WHERE id = 1");
            CompletableFuture<String> waits = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return error(() -> update(other, "UPDATE elsewhere SET v = 71 WHERE id = 1"));
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    Background.THREADS);
            Eventually.eventually().until("the other one waits", () -> stage.waits(Side.SOURCE));
            String lost = error(fatal);
            assertThat(lost).endsWith(" 1213");
            seen.add(lost);
            seen.add(waits.get(20, TimeUnit.SECONDS));
            other.rollback();
        }
    }

    private static void readSlowly(Connection c) throws SQLException {
        try (Statement s = c.createStatement()) {
            s.setFetchSize(Integer.MIN_VALUE);
            // the first row is more than the server keeps back: the error comes with a later one
            try (ResultSet rows = s.executeQuery("SELECT REPEAT('x', 100000) FROM elsewhere WHERE id < 4 FOR UPDATE")) {
                while (rows.next()) {
                    assertThat(rows.getString(1)).hasSize(100_000);
                }
            }
        }
    }

    private static void updateOne(Connection c) throws SQLException {
        try (Statement s = c.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE);
                ResultSet row = s.executeQuery("SELECT id, v FROM elsewhere WHERE id = 2")) {
            row.next();
            row.updateInt(2, 99);
            row.updateRow();
        }
    }

    private static void batch(Connection c) throws SQLException {
        try (Statement s = c.createStatement()) {
            s.addBatch("UPDATE elsewhere SET v = 70 WHERE id = 2");
            s.addBatch("INSERT INTO elsewhere (id, v) VALUES (100, 1)");
            s.executeBatch();
        }
    }

    /** After it, nothing that is done may stay without a commit. */
    private static Doing loses(Doing fatal) {
        return (c, seen, stage) -> {
            deadlock(c, seen, stage, () -> fatal.on(c, seen, stage));
            update(c, "UPDATE item SET v = 20 WHERE id = 2");
            c.rollback();
        };
    }

    private static final String[] ROWS = {
        "INSERT INTO item (id, v) VALUES (1, 1), (2, 2), (3, 3)",
        "INSERT INTO elsewhere (id, v) VALUES (1, 1), (2, 2), (3, 3)"
    };

    private static List<String> run(Script script, Connection connection, Stage stage) throws Exception {
        List<String> seen = new ArrayList<>();
        try (Connection c = connection) {
            c.setAutoCommit(false);
            script.doing.on(c, seen, stage);
            if (!c.isClosed()) {
                seen.add("autocommit " + c.getAutoCommit());
            }
        }
        Eventually.eventually().until("no transaction is left open", () -> stage.transactions(Side.SOURCE) == 0);
        String rows = "SELECT GROUP_CONCAT(CONCAT_WS(':', id, v) ORDER BY id) FROM ";
        seen.add("item " + stage.ask(Side.SOURCE, rows + "item"));
        seen.add("elsewhere " + stage.ask(Side.SOURCE, rows + "elsewhere WHERE id < 4 OR id = 100"));
        return seen;
    }

    private void compare(Script script, String options) throws Exception {
        open(options);
        stage.put(ROWS);
        List<String> bare;
        try (Stage other = anotherStage(options)) {
            other.put(ROWS);
            bare = run(script, other.open(Side.SOURCE), other);
        }
        assertThat(run(script, stage.connect(), stage)).isEqualTo(bare);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aHostSeesNoDifference(Script script) throws Exception {
        compare(script, "");
    }

    /** Those in which errors, ends and prepared statements meet. */
    static List<Script> someScripts() {
        return scripts().stream()
                .filter(script -> script.name().matches("(rolls back|commits|resets|fails|is a deadlock|loses in).*"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("someScripts")
    void norWithTheDriversPropertiesThatPoolsAdvise(Script script) throws Exception {
        compare(
                script,
                "&useServerPrepStmts=true&cachePrepStmts=true&useLocalSessionState=true&rewriteBatchedStatements=true");
    }

    /** Commits chain then; but it is the boundary that says how they end. */
    @ParameterizedTest
    @MethodSource("scriptsThatEnd")
    void norWhereTheSessionWouldChain(Script script) throws Exception {
        compare(script, "&sessionVariables=completion_type=1");
    }

    static List<Script> scriptsThatEnd() {
        return scripts().stream()
                .filter(script -> script.name().matches("(rolls back|commits|switches on after a).*"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"&autoReconnect=true", "&defaultFetchSize=10&useCursorFetch=true", "&emulateLocators=true"})
    void whereTheDriverMaySpeakByItselfAutocommitIsSwitchedOff(String options) throws Exception {
        compare(ROLLS_BACK, options);
        try (Connection c = stage.connect();
                StatementLog log = stage.record()) {
            c.setAutoCommit(false);
            update(c, "UPDATE item SET v = 5 WHERE id = 1");
            c.rollback();
            assertThat(log.count("SET autocommit=0")).isEqualTo(1);
            assertThat(log.count("BEGIN")).isZero();
        }
    }

    @Test
    void oneTransactionBeginsAsTextAndWhereAutocommitStaysOffTheRestDoNot() throws Exception {
        open("");
        stage.put(ROWS);
        try (Connection c = stage.connect();
                StatementLog log = stage.record()) {
            c.setAutoCommit(false);
            for (int i = 0; i < 4; i++) {
                update(c, "UPDATE item SET v = v + 1 WHERE id = 1");
                c.commit();
            }
            c.setAutoCommit(true);
            assertThat(log.count("BEGIN")).isEqualTo(1);
            assertThat(log.count("SET autocommit")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aCommitThatIsCutOffIsUnknownAsTheDriverSaysIt(Moment moment) throws Exception {
        open("");
        stage.put(ROWS);
        String bare;
        try (Stage other = anotherStage("")) {
            other.put(ROWS);
            bare = cutCommit(other.open(Side.SOURCE), other, moment);
        }
        assertThat(cutCommit(stage.connect(), stage, moment)).isEqualTo(bare).contains(" 08");
    }

    private static String cutCommit(Connection connection, Stage stage, Moment moment) throws Exception {
        try (Connection c = connection) {
            c.setAutoCommit(false);
            update(c, "UPDATE item SET v = 5 WHERE id = 1");
            try (Cut cut = stage.cutCommit(moment)) {
                String seen = error(c::commit);
                assertThat(cut.hits()).isEqualTo(1);
                return seen;
            }
        }
    }

    @Test
    void theFirstChangeWhoseKeyIsKnownTakesTheFenceByItsIntents() throws Exception {
        open("");
        stage.put(ROWS);
        doing(false, c -> update(c, "UPDATE item SET v = 5 WHERE id = 1")); // the fence is known from here on
        stage.forget(Side.SOURCE);
        try (Connection c = stage.connect();
                StatementLog log = stage.record()) {
            c.setAutoCommit(false);
            update(c, "UPDATE item SET v = 6 WHERE id = 1");
            assertThat(log.count(statement -> statement.sql().contains("dualwrite_fence")))
                    .isEqualTo(1);
            assertThatThrownBy(() -> stage.execute(
                            Side.SOURCE,
                            "SET SESSION innodb_lock_wait_timeout = 1",
                            "UPDATE dualwrite_fence SET state = 'FROZEN'"))
                    .as("freezing while the transaction is open")
                    .satisfies(e -> assertThat(e).hasStackTraceContaining("Lock wait timeout"));
            c.commit();
        }
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:1");
    }

    /** What is believed is not enough: whether this process may act on it is asked again. */
    @Test
    void anOwnerThatIsDoubtedIsAskedByTheFence() throws Exception {
        open("");
        stage.put(ROWS);
        doing(false, c -> update(c, "UPDATE item SET v = 5 WHERE id = 1"));
        try (Connection c = stage.connect();
                StatementLog log = stage.record()) {
            c.setAutoCommit(false);
            stage.doubt(1);
            update(c, "UPDATE item SET v = 6 WHERE id = 2");
            assertThat(log.count(statement -> statement.sql().startsWith("SELECT")
                            && statement.sql().contains("dualwrite_fence")))
                    .isEqualTo(1);
            c.commit();
        }
        doing(true, c -> {
            stage.doubt(1);
            update(c, "UPDATE item SET v = 6 WHERE id = 3");
        });
    }

    @Test
    void afterAFlipTheFirstChangeGoesToTheNewOwner() throws Exception {
        open("");
        stage.put(ROWS);
        doing(false, c -> update(c, "UPDATE item SET v = 5 WHERE id = 1"));
        stage.flip(Side.TARGET); // still believed: SOURCE
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            update(c, "UPDATE item SET v = 6 WHERE id = 2");
            c.commit();
        }
        assertThat(stage.captured(Side.TARGET)).containsExactly("item:2");
        assertThat(stage.ask(Side.SOURCE, "SELECT v FROM item WHERE id = 2")).isEqualTo("2");
    }

    @Test
    void aSavepointIsFoundAgainOnAReadOnlyConnectionThatHasMoved() throws Exception {
        open("");
        stage.put(ROWS);
        stage.flip(Side.TARGET);
        stage.believe(Side.TARGET);
        try (Connection c = stage.connect();
                Statement s = c.createStatement()) {
            c.setAutoCommit(false);
            Savepoint savepoint = c.setSavepoint();
            c.setReadOnly(true);
            s.executeQuery("SELECT * FROM elsewhere").close(); // does not move, so it is on the source
            assertThatThrownBy(() -> s.executeUpdate("DELETE FROM elsewhere"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("read-only");
            c.setReadOnly(false);
            c.rollback(savepoint);
            c.rollback();
        }
    }

    @Test
    void anUndoneIntentIsWrittenAgainForTheNextChangeOfItsKey() throws Exception {
        open("");
        stage.put(ROWS);
        doing(false, c -> update(c, "UPDATE item SET v = 5 WHERE id = 1"));
        doing(false, c -> {
            Savepoint savepoint = c.setSavepoint();
            update(c, "UPDATE item SET v = 6 WHERE id = 2");
            c.rollback(savepoint);
            update(c, "UPDATE item SET v = 7 WHERE id = 2");
        });
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:2");
    }
}
