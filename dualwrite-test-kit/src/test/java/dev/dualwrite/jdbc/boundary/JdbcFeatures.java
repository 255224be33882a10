package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.Background;
import dev.dualwrite.jdbc.DualWriteConnection;
import dev.dualwrite.jdbc.boundary.Feature.Area;
import dev.dualwrite.testkit.fault.Eventually;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.JDBCType;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDateTime;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;

/**
 * Every feature of JDBC, and what becomes of it: {@link JdbcFeaturesIT} uses each, and {@code docs/statements.md} is made
 * of the same rows.
 */
final class JdbcFeatures {
    static final List<Feature> ALL = List.of(
            Feature.of(
                    Area.STATEMENT,
                    "`execute`, `executeUpdate`, `executeLargeUpdate` of a text",
                    Verdict.CAPTURED,
                    (c, stage) -> {
                        try (Statement s = c.createStatement()) {
                            assertThat(s.execute("UPDATE item SET v = 10 WHERE id = 1"))
                                    .isFalse();
                            assertThat(s.getUpdateCount()).isEqualTo(1);
                            assertThat(s.executeUpdate("UPDATE item SET v = 20 WHERE id = 2"))
                                    .isEqualTo(1);
                            assertThat(s.executeLargeUpdate("DELETE FROM item WHERE id = 3"))
                                    .isEqualTo(1);
                            assertThat(s.getLargeUpdateCount()).isEqualTo(1);
                        }
                    }),
            Feature.of(
                    Area.STATEMENT,
                    "A `PreparedStatement` that is executed again, with one parameter set anew",
                    Verdict.CAPTURED,
                    (c, stage) -> {
                        try (PreparedStatement p = c.prepareStatement("UPDATE item SET v = ? WHERE id = ?")) {
                            p.setInt(1, 70);
                            p.setLong(2, 1);
                            assertThat(p.executeUpdate()).isEqualTo(1);
                            p.setLong(2, 3);
                            assertThat(p.executeLargeUpdate()).isEqualTo(1);
                        }
                    }),
            Feature.of(
                    Area.STATEMENT, "A `PreparedStatement` that lacks a parameter", Verdict.failing(0), (c, stage) -> {
                        try (PreparedStatement p = c.prepareStatement("INSERT INTO item (id, v) VALUES (?, ?)")) {
                            p.setInt(1, 11);
                            p.executeUpdate();
                        }
                    }),
            Feature.of(Area.STATEMENT, "`executeQuery` of a change", Verdict.failing(0), (c, stage) -> {
                try (Statement s = c.createStatement()) {
                    s.executeQuery("DELETE FROM item WHERE id = 1").close();
                }
            }),
            Feature.of(
                    Area.STATEMENT,
                    "Several statements in one text (`allowMultiQueries`)",
                    Verdict.refused(Refusal.MULTI_STATEMENT),
                    (c, stage) ->
                            update(c, "UPDATE item SET v = 10 WHERE id = 1; UPDATE item SET v = 10 WHERE id = 2")),
            Feature.of(
                    Area.STATEMENT,
                    "`CallableStatement`",
                    Verdict.refused(Refusal.CALLABLE),
                    (c, stage) -> c.prepareCall("{call p()}").close()),
            Feature.of(Area.PARAMETER, "Keys by the setters of their types", Verdict.CAPTURED, (c, stage) -> {
                change(c, "INSERT INTO item (id) VALUES (?)", p -> p.setLong(1, 11));
                change(c, "INSERT INTO item (id) VALUES (?)", p -> p.setObject(1, 12, JDBCType.INTEGER));
                change(c, "INSERT INTO item (id) VALUES (?)", p -> p.setString(1, "13"));
                change(c, "INSERT INTO code VALUES (?, 1)", p -> p.setNString(1, "é"));
                change(c, "INSERT INTO raw VALUES (?, 1)", p -> p.setBytes(1, new byte[] {1, 2, 3, -4}));
                change(c, "INSERT INTO amount VALUES (?, 1)", p -> p.setBigDecimal(1, new BigDecimal("7.005")));
                change(c, "INSERT INTO year_of VALUES (?, 1)", p -> p.setShort(1, (short) 2024));
            }),
            Feature.of(
                    Area.PARAMETER,
                    "Keys that are dates and times, with a `Calendar`",
                    Verdict.CAPTURED,
                    (c, stage) -> {
                        Timestamp moment = Timestamp.valueOf("2024-05-06 07:08:09.123");
                        change(c, "INSERT INTO stamp VALUES (?, 1)", p -> p.setTimestamp(1, moment));
                        Calendar far = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
                        change(c, "INSERT INTO stamp VALUES (?, 2)", p -> p.setTimestamp(1, moment, far));
                        change(
                                c,
                                "INSERT INTO stamp VALUES (?, 3)",
                                p -> p.setObject(1, LocalDateTime.of(2023, 1, 2, 3, 4, 5, 678_900_000)));
                    }),
            Feature.of(Area.PARAMETER, "NULL for what is no key, in every way", Verdict.CAPTURED, (c, stage) -> {
                change(c, "UPDATE item SET v = ? WHERE id = 1", p -> p.setNull(1, Types.INTEGER));
                change(c, "UPDATE item SET v = ? WHERE id = 2", p -> p.setObject(1, null));
                change(c, "UPDATE item SET name = ? WHERE id = 3", p -> p.setString(1, null));
            }),
            Feature.of(
                    Area.PARAMETER,
                    "NULL for a key that the server generates",
                    Verdict.CAPTURED,
                    (c, stage) -> change(c, "INSERT INTO item (id, v) VALUES (?, 1)", p -> p.setNull(1, Types.BIGINT))),
            Feature.of(Area.PARAMETER, "Streams and readers for what is no key", Verdict.CAPTURED, (c, stage) -> {
                change(c, "INSERT INTO document VALUES (11, ?, ?)", p -> {
                    p.setCharacterStream(1, reader("Ä long text"));
                    p.setBinaryStream(2, bytes(1, 2, 3));
                });
                change(c, "INSERT INTO document VALUES (12, ?, ?)", p -> {
                    p.setNCharacterStream(1, reader("Ä long text"), 4);
                    p.setBinaryStream(2, bytes(1, 2, 3), 2L);
                });
                change(c, "UPDATE document SET body = ? WHERE id > 11", p -> p.setAsciiStream(1, bytes('a', 'b')));
                assertThat(ask(c, "SELECT GROUP_CONCAT(body, '/', HEX(data) ORDER BY id) FROM document WHERE id > 10"))
                        .isEqualTo("Ä long text/010203,ab/0102");
            }),
            Feature.of(Area.PARAMETER, "`Blob`, `Clob`, `NClob`, `SQLXML`", Verdict.CAPTURED, (c, stage) -> {
                Blob blob = c.createBlob();
                blob.setBytes(1, new byte[] {5, 6});
                Clob clob = c.createClob();
                clob.setString(1, "letters");
                NClob more = c.createNClob();
                more.setString(1, "Łetters");
                change(c, "INSERT INTO document VALUES (11, ?, ?)", p -> {
                    p.setClob(1, clob);
                    p.setBlob(2, blob);
                });
                change(c, "INSERT INTO document VALUES (12, ?, ?)", p -> {
                    p.setNClob(1, more);
                    p.setBlob(2, bytes(7));
                });
                assertThat(ask(c, "SELECT GROUP_CONCAT(body, '/', HEX(data) ORDER BY id) FROM document WHERE id > 10"))
                        .isEqualTo("letters/0506,Łetters/07");
            }),
            Feature.of(
                    Area.PARAMETER,
                    "A stream for a key",
                    Verdict.refused(Refusal.STREAM),
                    (c, stage) ->
                            change(c, "INSERT INTO code VALUES (?, 1)", p -> p.setCharacterStream(1, reader("key")))),
            Feature.of(
                    Area.PARAMETER,
                    "A stream in a condition that does not name keys",
                    Verdict.refused(Refusal.STREAM),
                    (c, stage) -> change(
                            c,
                            "UPDATE document SET data = NULL WHERE body = ?",
                            p -> p.setCharacterStream(1, reader("text")))),
            Feature.of(
                    Area.PARAMETER,
                    "A floating-point number for a key that is a text",
                    Verdict.refused(Refusal.KEY_TYPE),
                    (c, stage) -> change(c, "INSERT INTO code VALUES (?, 1)", p -> p.setDouble(1, 1.5))),
            Feature.of(
                    Area.PARAMETER,
                    "`Ref`, `Array`, `RowId`, which the driver does not know",
                    Verdict.failing(0),
                    (c, stage) ->
                            change(c, "UPDATE item SET v = ? WHERE id = 1", p -> p.setRef(1, nothing(Ref.class)))),
            Feature.of(Area.BATCH, "Of a `PreparedStatement`, with a parameter kept", Verdict.CAPTURED, (c, stage) -> {
                try (PreparedStatement p = c.prepareStatement("UPDATE item SET v = ? WHERE id = ?")) {
                    p.setInt(1, 100);
                    for (int id : new int[] {1, 3}) {
                        p.setInt(2, id);
                        p.addBatch();
                    }
                    assertThat(p.executeBatch()).containsExactly(1, 1);
                }
            }),
            Feature.within(Area.BATCH, "By conditions", Verdict.CAPTURED, (c, stage) -> {
                try (PreparedStatement p = c.prepareStatement("UPDATE item SET v = v + 10 WHERE v = ?")) {
                    for (int v : new int[] {1, 2, 11}) {
                        p.setInt(1, v);
                        p.addBatch();
                    }
                    assertThat(p.executeLargeBatch()).containsExactly(1, 1, 1);
                }
            }),
            Feature.of(
                    Area.BATCH,
                    "With generated keys (and what others insert meanwhile)",
                    Verdict.CAPTURED,
                    (c, stage) -> {
                        try (PreparedStatement p = c.prepareStatement(
                                "INSERT INTO item (v) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
                            for (int v = 1; v <= 3; v++) {
                                p.setInt(1, v);
                                p.addBatch();
                            }
                            assertThat(p.executeBatch()).hasSize(3);
                            assertThat(count(p.getGeneratedKeys())).isEqualTo(3);
                        }
                    }),
            Feature.of(Area.BATCH, "Of texts, moved tables and others", Verdict.CAPTURED, (c, stage) -> {
                try (Statement s = c.createStatement()) {
                    s.addBatch("INSERT INTO item (id, v) VALUES (11, 1)");
                    s.addBatch("UPDATE item SET v = v + 10 WHERE v < 3");
                    s.addBatch("DELETE FROM item WHERE id = 2");
                    s.addBatch("INSERT INTO elsewhere (v) VALUES (1)");
                    assertThat(s.executeBatch()).containsExactly(1, 3, 1, 1);
                }
            }),
            Feature.of(
                    Area.BATCH,
                    "Of texts that are no changes, beside those of moved tables",
                    Verdict.refused(Refusal.MIXED_BATCH),
                    (c, stage) -> {
                        try (Statement s = c.createStatement()) {
                            s.addBatch("UPDATE item SET v = 9 WHERE id = 1");
                            s.addBatch("SET @mine = 1");
                            s.executeBatch();
                        }
                    }),
            Feature.of(Area.BATCH, "Of which an element fails", Verdict.SUPERSET, (c, stage) -> {
                try (PreparedStatement p = c.prepareStatement("INSERT INTO item (id) VALUES (?)")) {
                    for (int id : new int[] {11, 1, 12}) {
                        p.setInt(1, id);
                        p.addBatch();
                    }
                    assertThatThrownBy(p::executeBatch)
                            .isInstanceOfSatisfying(
                                    BatchUpdateException.class,
                                    e -> assertThat(e.getUpdateCounts())
                                            .containsExactly(1, Statement.EXECUTE_FAILED, 1));
                }
            }),
            Feature.of(Area.BATCH, "That is cleared", Verdict.PASSED, (c, stage) -> {
                try (Statement s = c.createStatement()) {
                    s.addBatch("DELETE FROM item");
                    s.clearBatch();
                    assertThat(s.executeBatch()).isEmpty();
                }
            }),
            Feature.of(Area.KEYS, "`RETURN_GENERATED_KEYS`", Verdict.CAPTURED, (c, stage) -> {
                try (Statement s = c.createStatement()) {
                    s.executeUpdate("INSERT INTO item (v) VALUES (1)", Statement.RETURN_GENERATED_KEYS);
                    try (ResultSet keys = s.getGeneratedKeys()) {
                        assertThat(keys.next()).isTrue();
                        assertThat(String.valueOf(keys.getLong(1))).isEqualTo(ask(c, "SELECT MAX(id) FROM item"));
                    }
                }
            }),
            Feature.of(Area.KEYS, "By names and numbers of columns", Verdict.CAPTURED, (c, stage) -> {
                try (PreparedStatement p =
                        c.prepareStatement("INSERT INTO item (v) VALUES (1), (2)", new String[] {"id"})) {
                    p.executeUpdate();
                    assertThat(count(p.getGeneratedKeys())).isEqualTo(2);
                }
                try (Statement s = c.createStatement()) {
                    s.execute("INSERT INTO item (v) VALUES (3)", new int[] {1});
                    assertThat(count(s.getGeneratedKeys())).isEqualTo(1);
                }
            }),
            Feature.of(Area.KEYS, "Not asked for", Verdict.CAPTURED, (c, stage) -> {
                try (PreparedStatement p = c.prepareStatement("INSERT INTO item (v) VALUES (1)")) {
                    p.executeUpdate();
                    assertThatThrownBy(p::getGeneratedKeys).isInstanceOf(SQLException.class);
                }
            }),
            Feature.of(
                    Area.RESULT,
                    "`CONCUR_UPDATABLE`, of a moved table",
                    Verdict.refused(Refusal.UPDATABLE),
                    (c, stage) -> {
                        try (Statement s = c.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE)) {
                            s.executeQuery("SELECT * FROM item").close();
                        }
                    }),
            Feature.of(Area.RESULT, "`CONCUR_UPDATABLE`, of another table", Verdict.PASSED, (c, stage) -> {
                try (Statement s = c.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE);
                        ResultSet row = s.executeQuery("SELECT id, v FROM elsewhere WHERE id = 1")) {
                    assertThat(row.next()).isTrue();
                    row.updateInt(2, 99);
                    row.updateRow();
                }
                assertThat(ask(c, "SELECT v FROM elsewhere WHERE id = 1")).isEqualTo("99");
            }),
            Feature.of(Area.RESULT, "Scrolling", Verdict.PASSED, (c, stage) -> {
                try (Statement s = c.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
                        ResultSet rows = s.executeQuery("SELECT id FROM item ORDER BY id")) {
                    assertThat(rows.last()).isTrue();
                    assertThat(rows.getRow()).isEqualTo(3);
                    assertThat(rows.absolute(1)).isTrue();
                    assertThat(rows.getInt(1)).isEqualTo(1);
                }
            }),
            Feature.of(
                    Area.RESULT,
                    "Read row by row (a fetch size of `Integer.MIN_VALUE`)",
                    Verdict.PASSED,
                    (c, stage) -> {
                        try (Statement s = c.createStatement()) {
                            s.setFetchSize(Integer.MIN_VALUE);
                            assertThat(count(s.executeQuery("SELECT * FROM item")))
                                    .isEqualTo(3);
                        }
                    }),
            Feature.of(
                    Area.RESULT, "`setMaxRows`, `getMoreResults`, `closeOnCompletion`", Verdict.PASSED, (c, stage) -> {
                        try (Statement s = c.createStatement()) {
                            s.setMaxRows(2);
                            s.closeOnCompletion();
                            assertThat(s.execute("SELECT * FROM item")).isTrue();
                            assertThat(count(s.getResultSet())).isEqualTo(2);
                            assertThat(s.isClosed()).isTrue();
                        }
                        try (Statement s = c.createStatement()) {
                            assertThat(s.execute("SELECT * FROM item")).isTrue();
                            assertThat(s.getMoreResults()).isFalse();
                            assertThat(s.getUpdateCount()).isEqualTo(-1);
                        }
                    }),
            Feature.within(Area.TRANSACTION, "`commit`", Verdict.CAPTURED, (c, stage) -> {
                update(c, "UPDATE item SET v = 9 WHERE id = 1");
                c.commit();
                update(c, "UPDATE item SET v = 9 WHERE id = 2");
                c.commit();
            }),
            Feature.within(Area.TRANSACTION, "`rollback`", Verdict.PASSED, (c, stage) -> {
                update(c, "UPDATE item SET v = 9");
                c.rollback();
            }),
            Feature.within(Area.TRANSACTION, "`close` without `commit`", Verdict.PASSED, (c, stage) -> {
                update(c, "UPDATE item SET v = 9");
                c.close();
            }),
            Feature.within(Area.TRANSACTION, "`abort` in the middle", Verdict.PASSED, (c, stage) -> {
                update(c, "UPDATE item SET v = 9");
                c.abort(Runnable::run);
                Eventually.eventually().until("the server has undone it", () -> stage.transactions(Side.SOURCE) == 0);
            }),
            Feature.within(
                    Area.TRANSACTION,
                    "Savepoints: what is undone to one stays captured",
                    Verdict.SUPERSET,
                    (c, stage) -> {
                        update(c, "UPDATE item SET v = 9 WHERE id = 1");
                        Savepoint one = c.setSavepoint();
                        update(c, "UPDATE item SET v = 9 WHERE id = 2");
                        Savepoint two = c.setSavepoint("two");
                        update(c, "UPDATE item SET v = 9 WHERE id = 3");
                        c.releaseSavepoint(two);
                        c.rollback(one);
                        c.rollback(one);
                    }),
            Feature.within(Area.TRANSACTION, "`setAutoCommit(true)`, which commits", Verdict.CAPTURED, (c, stage) -> {
                update(c, "UPDATE item SET v = 9 WHERE id = 1");
                c.setAutoCommit(true);
                update(c, "UPDATE item SET v = 9 WHERE id = 2");
                c.setAutoCommit(false);
                update(c, "UPDATE item SET v = 9 WHERE id = 3");
                c.rollback();
            }),
            Feature.within(Area.TRANSACTION, "Every level of isolation", Verdict.CAPTURED, (c, stage) -> {
                for (int level : new int[] {
                    Connection.TRANSACTION_READ_UNCOMMITTED,
                    Connection.TRANSACTION_READ_COMMITTED,
                    Connection.TRANSACTION_REPEATABLE_READ,
                    Connection.TRANSACTION_SERIALIZABLE
                }) {
                    c.setTransactionIsolation(level);
                    assertThat(c.getTransactionIsolation()).isEqualTo(level);
                    update(c, "UPDATE item SET v = v + 1 WHERE v > 1");
                    c.commit();
                }
            }),
            Feature.within(Area.TRANSACTION, "`setReadOnly`, and reads", Verdict.PASSED, (c, stage) -> {
                c.setReadOnly(true);
                assertThat(c.isReadOnly()).isTrue();
                assertThat(ask(c, "SELECT COUNT(*) FROM item")).isEqualTo("3");
                c.commit();
                c.setReadOnly(false);
            }),
            Feature.within(Area.TRANSACTION, "`setReadOnly`, and a change", Verdict.failing(0), (c, stage) -> {
                c.setReadOnly(true);
                update(c, "UPDATE item SET v = 9 WHERE id = 1");
            }),
            Feature.within(
                    Area.OUTCOME,
                    "An idempotency key, where none are kept",
                    Verdict.refused(Refusal.NO_LEDGER),
                    (c, stage) -> c.unwrap(DualWriteConnection.class).idempotencyKey("key")),
            Feature.of(Area.TIME, "`setQueryTimeout`", Verdict.CAPTURED, (c, stage) -> {
                try (Statement s = c.createStatement()) {
                    s.setQueryTimeout(1);
                    assertThatThrownBy(() -> s.executeQuery("SELECT SLEEP(60)").next())
                            .isInstanceOf(SQLTimeoutException.class);
                    assertThat(s.executeUpdate("UPDATE item SET v = 9 WHERE v > 1"))
                            .isEqualTo(2);
                }
            }),
            Feature.of(Area.TIME, "`cancel` by another thread", Verdict.CAPTURED, (c, stage) -> {
                try (Statement s = c.createStatement()) {
                    CompletableFuture<String> cancelled =
                            CompletableFuture.supplyAsync(() -> slept(s), Background.THREADS);
                    Eventually.eventually()
                            .until(
                                    "it sleeps",
                                    () -> !stage.ask(
                                                    Side.SOURCE,
                                                    "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE"
                                                            + " 'SELECT SLEEP(61)%'")
                                            .equals("0"));
                    s.cancel();
                    assertThat(cancelled.get(30, TimeUnit.SECONDS)).isNotEqualTo("answers 0");
                    update(c, "UPDATE item SET v = 9 WHERE v > 1");
                }
            }),
            Feature.of(Area.TIME, "`setNetworkTimeout`", Verdict.CAPTURED, (c, stage) -> {
                c.setNetworkTimeout(Runnable::run, 20_000);
                assertThat(c.getNetworkTimeout()).isEqualTo(20_000);
                update(c, "UPDATE item SET v = 9 WHERE id = 1");
                c.setNetworkTimeout(Runnable::run, 0);
            }),
            Feature.of(
                    Area.SESSION,
                    "`setCatalog` of the other side's schema",
                    Verdict.refused(Refusal.CATALOG),
                    (c, stage) -> c.setCatalog(stage.schemaName(Side.TARGET))),
            Feature.of(
                    Area.SESSION,
                    "`setSchema` of another schema",
                    Verdict.refused(Refusal.CATALOG),
                    (c, stage) -> c.setSchema("mysql")),
            Feature.of(Area.SESSION, "`setCatalog` of a third schema", Verdict.CAPTURED, (c, stage) -> {
                String own = stage.schemaName(Side.SOURCE);
                c.setCatalog("information_schema");
                assertThat(c.getCatalog()).isEqualTo("information_schema");
                update(c, "UPDATE " + own + ".item SET v = 9 WHERE id = 1");
                c.setCatalog(own);
                update(c, "UPDATE item SET v = 9 WHERE id = 2");
            }),
            Feature.of(Area.SESSION, "`setHoldability`, `setClientInfo`", Verdict.PASSED, (c, stage) -> {
                c.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT);
                assertThat(c.getHoldability()).isEqualTo(ResultSet.HOLD_CURSORS_OVER_COMMIT);
                c.setClientInfo("ClientUser", "somebody");
            }),
            Feature.of(Area.SESSION, "`beginRequest`, `endRequest`", Verdict.CAPTURED, (c, stage) -> {
                c.beginRequest();
                update(c, "UPDATE item SET v = 9 WHERE id = 1");
                c.endRequest();
            }),
            Feature.of(
                    Area.SESSION, "Sharding keys, which the driver does not know", Verdict.failing(0), (c, stage) -> {
                        assertThat(ask(c, "SELECT 1")).isEqualTo("1");
                        c.setShardingKey(nothing(ShardingKey.class));
                    }),
            Feature.of(
                    Area.WRAPPER,
                    "Every method of the interfaces of the running JDK is delegated",
                    Verdict.PASSED,
                    (c, stage) -> {
                        try (PreparedStatement p = c.prepareStatement("SELECT 1");
                                Statement s = c.createStatement();
                                ResultSet row = p.executeQuery()) {
                            delegates(c, Connection.class);
                            delegates(p, PreparedStatement.class);
                            delegates(s, Statement.class);
                            delegates(row, ResultSet.class);
                            delegates(c.getMetaData(), DatabaseMetaData.class);
                        }
                    }),
            Feature.of(
                    Area.WRAPPER,
                    "`getConnection`, `getStatement` and `unwrap` to what a wrapper is itself",
                    Verdict.PASSED,
                    (c, stage) -> {
                        long escapes = stage.dataSource().escapes();
                        try (PreparedStatement p = c.prepareStatement("SELECT 1");
                                ResultSet row = p.executeQuery()) {
                            assertThat(p.getConnection()).isSameAs(c);
                            assertThat(row.getStatement()).isSameAs(p);
                            assertThat(c.getMetaData().getConnection()).isSameAs(c);
                            assertThat(c.unwrap(Connection.class)).isSameAs(c);
                            assertThat(p.unwrap(PreparedStatement.class)).isSameAs(p);
                            assertThat(row.unwrap(ResultSet.class)).isSameAs(row);
                            assertThat(c.isWrapperFor(DualWriteConnection.class))
                                    .isTrue();
                        }
                        assertThat(stage.dataSource().escapes()).isEqualTo(escapes);
                    }),
            Feature.of(Area.WRAPPER, "`unwrap` to the driver's connection: counted", Verdict.PASSED, (c, stage) -> {
                long escapes = stage.dataSource().escapes();
                assertThat(c.isWrapperFor(com.mysql.cj.jdbc.JdbcConnection.class))
                        .isTrue();
                c.unwrap(com.mysql.cj.jdbc.JdbcConnection.class);
                assertThat(stage.dataSource().escapes()).isEqualTo(escapes + 1);
            }),
            Feature.of(
                    Area.WRAPPER,
                    "`enquoteIdentifier`, `enquoteLiteral` and their like",
                    Verdict.PASSED,
                    (c, stage) -> {
                        try (Statement s = c.createStatement();
                                Connection bare = stage.direct(Side.SOURCE);
                                Statement its = bare.createStatement()) {
                            assertThat(s.enquoteIdentifier("a b", true)).isEqualTo(its.enquoteIdentifier("a b", true));
                            assertThat(s.enquoteLiteral("it's")).isEqualTo(its.enquoteLiteral("it's"));
                            assertThat(s.enquoteNCharLiteral("it's")).isEqualTo(its.enquoteNCharLiteral("it's"));
                            assertThat(s.isSimpleIdentifier("a b")).isEqualTo(its.isSimpleIdentifier("a b"));
                            BoundaryConnection boundary = (BoundaryConnection) c;
                            assertThat(boundary.enquoteIdentifier("a b", true))
                                    .isEqualTo(its.enquoteIdentifier("a b", true));
                            assertThat(boundary.enquoteLiteral("it's")).isEqualTo(its.enquoteLiteral("it's"));
                        }
                    }),
            Feature.of(Area.POOL, "Hikari above and below", Verdict.CAPTURED, (c, stage) -> {
                try (HikariDataSource above = new HikariDataSource()) {
                    above.setDataSource(stage.dataSource());
                    above.setMaximumPoolSize(2);
                    above.setAutoCommit(false);
                    try (Connection pooled = above.getConnection()) {
                        update(pooled, "UPDATE item SET v = 9 WHERE id = 1");
                        pooled.commit();
                    }
                    try (Connection pooled = above.getConnection()) {
                        update(pooled, "UPDATE item SET v = 9 WHERE id = 2");
                    }
                }
            }),
            Feature.of(
                    Area.POOL,
                    "`DataSource.getConnection(user, password)`: the pools have their accounts",
                    Verdict.failing(0),
                    (c, stage) ->
                            stage.dataSource().getConnection("user", "password").close()),
            Feature.of(Area.POOL, "JTA: the `DataSource` is none for it", Verdict.refused(Refusal.XA), (c, stage) -> {
                assertThat(stage.dataSource()).isNotInstanceOf(XADataSource.class);
                assertThat(stage.dataSource().isWrapperFor(XADataSource.class)).isFalse();
                update(c, "XA START 'x'");
            }),
            Feature.of(
                    Area.POOL,
                    "Virtual threads (JDK 21 and newer): none is pinned in the library",
                    Verdict.CAPTURED,
                    (c, stage) -> VirtualThreads.update(stage, List.of(1, 2, 3))));

    /** What other tests show. */
    static final Map<Area, List<Proved>> PROVED = Map.of(
            Area.STATEMENT,
            List.of(
                    Proved.by(
                            "Prepared on the server, kept by the driver (`useServerPrepStmts`, `cachePrepStmts`)",
                            "captured",
                            "BoundaryIT#everyChangeLeavesItsKeys",
                            "TransactionsIT#norWithTheDriversPropertiesThatPoolsAdvise"),
                    Proved.by(
                            "`clearParameters`, and use after an error",
                            "passed on",
                            "HostConnectionIT#aStatementSurvivesErrorsAndReuse")),
            Area.PARAMETER,
            List.of(Proved.by(
                    "Keys of every type, and how they are spelled",
                    "captured",
                    "CapturedKeysIT#keysOfEveryTypeAreWhatTheServerStores",
                    "CapturedKeysIT#wholeNumbersBeyondLongAreCaptured",
                    "CanonicalKeysIT#keysGivenAsParametersAreTheSameKeys")),
            Area.BATCH,
            List.of(
                    Proved.by(
                            "In every mode of the driver (`rewriteBatchedStatements`, `useServerPrepStmts`,"
                                    + " `continueBatchOnError`, `cachePrepStmts`, `useAffectedRows`, `allowMultiQueries`):"
                                    + " counts and keys as without the boundary",
                            "captured",
                            "DriverModesIT#whatTheHostHearsIsWhatTheDriverSaysAndWhatIsCapturedIsTheTruth",
                            "BoundaryIT#batchesLeaveTheirKeys"),
                    Proved.by(
                            "Of which an element fails, in every mode (`continueBatchOnError`)",
                            "superset",
                            "BoundaryIT#whatIsLeftOfABatchThatFailedIsCaptured"),
                    Proved.by(
                            "In which the server rolls back",
                            "told as failed",
                            "BoundaryIT#anElementThatADeadlockUndoesIsNotToldToHaveRun",
                            "HiddenErrorIT#whatIsRolledBackInABatchThatTheDriverRewritesIsTold")),
            Area.KEYS,
            List.of(
                    Proved.by(
                            "With an increment of the session, in rewritten and server-prepared batches",
                            "captured",
                            "DriverModesIT#whatTheHostHearsIsWhatTheDriverSaysAndWhatIsCapturedIsTheTruth",
                            "HostConnectionIT#anIncrementOfTheSessionIsFollowed"),
                    Proved.by(
                            "`LAST_INSERT_ID()` and warnings are the host's own",
                            "passed on",
                            "HostConnectionIT#theHostSeesItsOwnLastInsertIdAndItsOwnWarnings")),
            Area.RESULT,
            List.of(Proved.by(
                    "Values, classes, streams, metadata, warnings, further results and errors: as without the"
                            + " boundary",
                    "passed on",
                    "DriverContractIT#aHostReadsTheSame")),
            Area.TRANSACTION,
            List.of(
                    Proved.by(
                            "A deadlock, and a lock that is not free in time",
                            "captured is what the server kept",
                            "BoundaryIT#aDeadlockVictimLeavesOnlyWhatCommits",
                            "BoundaryIT#aTransactionThatASwallowedErrorLeftHalfDoneKeepsItsKeys",
                            "HiddenErrorIT#whatWasRolledBackUnseenIsTold"),
                    Proved.by(
                            "Levels of isolation, with a row of somebody else's between keys and statement",
                            "captured",
                            "IsolationIT#nothingIsChangedThatWasNotCaptured"),
                    Proved.refused(
                            "Moved and other tables in one transaction, while the target owns",
                            Refusal.MIXED,
                            "BoundaryIT#whileTheTargetOwnsBothKindsOfTableAreNotMixed"),
                    Proved.by(
                            "`setReadOnly`, a transaction that only reads",
                            "the owner's; in TARGET_READ the target's for readers of the cohort",
                            "ReadRoutingIT#whatMayWriteIsOnTheOwnerFromItsFirstStatement"),
                    Proved.refused(
                            "A statement that locks or changes, in a transaction that was declared only to read and that"
                                    + " the follower answers",
                            Refusal.READER,
                            "ReadRoutingIT#whatMayWriteIsOnTheOwnerFromItsFirstStatement"),
                    Proved.refused(
                            "Removing rows of a table that was declared to be appended to only",
                            Refusal.APPEND_ONLY,
                            "ReadRoutingIT#newFirstElseOldIsForTablesFromWhichNothingIsRemovedAndBeforeTheFlip"),
                    Proved.refused(
                            "Tables of two migrations in one statement or transaction",
                            Refusal.ACROSS,
                            "SeveralMigrationsIT#nothingIsOfTwo")),
            Area.OUTCOME,
            List.of(
                    Proved.by(
                            "A connection that is cut in `commit`",
                            "told as the driver says it; found out by an idempotency key",
                            "TransactionsIT#aCommitThatIsCutOffIsUnknownAsTheDriverSaysIt",
                            "IdempotencyIT#whatBecameOfACommitThatWasCutIsFoundOut"),
                    Proved.refused(
                            "A key or a result that is of no transaction",
                            Refusal.IDEMPOTENCY_KEY,
                            "IdempotencyIT#whatIsNoKeyOfATransactionIsRefused")),
            Area.TIME,
            List.of(Proved.by(
                    "A timeout within a transaction",
                    "left to the caller",
                    "OwnerFailureIT#aStatementsTimeoutEndsItAndLeavesTheTransactionToItsCaller")),
            Area.SESSION,
            List.of(Proved.by(
                    "What SQL has set, when ownership moves",
                    "moves along",
                    "HostConnectionIT#whatSqlHasSetMovesWithTheConnection")),
            Area.POOL,
            List.of(
                    Proved.refused(
                            "`unwrap` to the driver, where that is not wished (`refuseUnwrap`)",
                            Refusal.UNWRAP,
                            "HostConnectionIT#anEscapeIsRefusedWhereThatIsWished"),
                    Proved.by(
                            "A connection that is aborted goes back to its pool",
                            "passed on",
                            "HostConnectionIT#anAbortedConnectionGoesBackToItsPoolWhenItIsClosed"),
                    Proved.by(
                            "`close` by another thread, at any moment",
                            "captured is what commits",
                            "TwoThreadsIT#whatIsCommittedIsCapturedAndWhatIsToldIsTrue")));

    private JdbcFeatures() {}

    /** Sets parameters. */
    @FunctionalInterface
    private interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private static void change(Connection connection, String sql, Binder binder) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            assertThat(statement.executeUpdate()).as(sql).isEqualTo(1);
        }
    }

    private static void update(Connection connection, String sql) throws SQLException {
        OnStage.update(connection, sql);
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            assertThat(row.next()).isTrue();
            return String.valueOf(row.getString(1));
        }
    }

    private static int count(ResultSet rows) throws SQLException {
        try (rows) {
            int count = 0;
            while (rows.next()) {
                count++;
            }
            return count;
        }
    }

    private static Reader reader(String text) {
        return new StringReader(text);
    }

    private static InputStream bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return new ByteArrayInputStream(bytes);
    }

    /** What JDBC allows where nothing is to be given. */
    @SuppressWarnings("NullAway")
    private static <T> T nothing(Class<T> type) {
        @Nullable T none = null;
        return type.cast(none);
    }

    /** What a sleep comes to: servers answer 1 for one that was cut short, or the driver tells of it. */
    private static String slept(Statement statement) {
        try (ResultSet row = statement.executeQuery("SELECT SLEEP(61)")) {
            return row.next() ? "answers " + row.getString(1) : "no row";
        } catch (SQLException e) {
            return e.toString();
        }
    }

    private static void delegates(Object wrapper, Class<?> jdbc) throws ReflectiveOperationException {
        for (Method method : jdbc.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                Method own = wrapper.getClass().getMethod(method.getName(), method.getParameterTypes());
                assertThat(own.getDeclaringClass().isInterface())
                        .as("%s", method)
                        .isFalse();
            }
        }
    }
}
