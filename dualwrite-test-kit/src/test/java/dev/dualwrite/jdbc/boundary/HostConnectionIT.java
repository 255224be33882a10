package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.JdbcPreparedStatement;
import com.mysql.cj.jdbc.JdbcStatement;
import com.mysql.cj.jdbc.MysqlXADataSource;
import com.mysql.cj.jdbc.result.ResultSetInternalMethods;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.jdbc.DualWriteConnection;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Wrapper;
import java.util.List;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a host finds behind its connection: its session, names, warnings, pool; judged as {@link OnStage} says. */
class HostConnectionIT extends OnStage {
    @Scenario(100)
    @Test
    void theHostSeesItsOwnLastInsertIdAndItsOwnWarnings() throws Exception {
        open("&jdbcCompliantTruncation=false&sessionVariables=sql_mode=''");
        try (Connection c = stage.connect();
                Statement s = c.createStatement()) {
            update(c, "INSERT INTO item (v) VALUES (1)");
            update(c, "UPDATE item SET v = 2 WHERE v = 1");
            try (ResultSet row = s.executeQuery("SELECT LAST_INSERT_ID()")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(1);
            }
            assertThat(s.executeUpdate("UPDATE item SET v = 'no number' WHERE id = 1"))
                    .isEqualTo(1);
            assertThat(s.getWarnings() == null).isFalse();
        }
    }

    @Scenario(100)
    @Test
    void aStatementSurvivesErrorsAndReuse() throws Exception {
        open("");
        doing(false, c -> {
            try (PreparedStatement p = c.prepareStatement("INSERT INTO item (id, v) VALUES (?, ?)")) {
                p.setInt(1, 1);
                p.setInt(2, 1);
                p.execute();
                assertThat(p.getUpdateCount()).isEqualTo(1);
                assertThat(p.getMoreResults()).isFalse();
                assertThatThrownBy(p::executeUpdate)
                        .isInstanceOf(SQLException.class)
                        .satisfies(e ->
                                assertThat(((SQLException) e).getErrorCode()).isEqualTo(1062));
                p.setInt(1, 2);
                p.executeUpdate();
                p.clearParameters();
                p.setInt(1, 3);
                assertThatThrownBy(p::executeUpdate).isInstanceOf(SQLException.class);
            }
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo("2");
    }

    @Scenario(100)
    @Test
    void theWarningsOfAChangeOutliveWhatIsAskedAfterIt() throws Exception {
        open("&jdbcCompliantTruncation=false&sessionVariables=sql_mode=''");
        String mixed = "INSERT INTO item (id, v) VALUES (NULL, 'no number'), (50, 1), (DEFAULT, 2)";
        doing(false, c -> {
            try (Statement s = c.createStatement()) {
                s.executeUpdate(mixed);
                assertThat(s.getWarnings() == null).isFalse();
            }
            try (Statement s = c.createStatement()) {
                s.addBatch("INSERT INTO item (v) VALUES ('no number')");
                s.executeBatch();
                assertThat(s.getWarnings() == null).isFalse();
            }
        });
        doing(true, c -> {
            try (Statement s = c.createStatement()) {
                s.addBatch("UPDATE item SET v = 'no number' WHERE id = 50");
                s.executeBatch();
                assertThat(s.getWarnings() == null).isFalse();
                s.addBatch("INSERT INTO item (id) VALUES (50)");
                s.addBatch("UPDATE item SET v = 'no number' WHERE id = 50");
                assertThatThrownBy(s::executeBatch).isInstanceOf(BatchUpdateException.class);
                assertThat(s.getWarnings() == null).isFalse();
                s.addBatch("UPDATE item SET v = 5 WHERE v = 2"); // not by key, so one by one
                s.addBatch("INSERT INTO item (v) VALUES ('no number')");
                s.executeBatch();
                assertThat(s.getWarnings() == null).isFalse();
            }
        });
    }

    @Scenario(100)
    @Test
    void whatADriverDoesNotTakeIsRefusedWhenItIsSet() throws Exception {
        open("");
        try (Connection c = stage.connect();
                Statement s = c.createStatement()) {
            assertThatThrownBy(() -> s.setMaxRows(-1)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> s.setLargeMaxRows(-1)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> s.setFetchSize(-1)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> s.setMaxFieldSize(-1)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> s.setQueryTimeout(-1)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> s.setFetchDirection(77)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> c.setTransactionIsolation(3)).isInstanceOf(SQLException.class);
            s.setMaxRows(10);
            s.setFetchSize(5);
            s.setMaxRows(3);
            stage.flip(Side.TARGET);
            stage.believe(Side.TARGET);
            s.executeQuery("SELECT * FROM item").close();
            assertThat(s.getMaxRows()).isEqualTo(3);
        }
    }

    @Scenario(100)
    @Test
    void theFirstParameterThatIsMissingIsNamed() throws Exception {
        open("");
        try (Connection c = stage.connect();
                PreparedStatement p = c.prepareStatement("UPDATE item SET v = ? WHERE id = ?")) {
            assertThatThrownBy(p::executeUpdate).hasMessageEndingWith("parameter 1");
            p.setInt(1, 1);
            assertThatThrownBy(p::executeUpdate).hasMessageEndingWith("parameter 2");
        }
    }

    @Scenario(35)
    @Test
    void theCatalogThatAConnectionSaysItHasCanBeSet() throws Exception {
        open("");
        stage.flip(Side.TARGET);
        stage.believe(Side.TARGET);
        try (Connection c = stage.connect()) {
            c.setCatalog(c.getCatalog());
            update(c, "INSERT INTO item (id) VALUES (1)");
            assertThatThrownBy(() -> c.setCatalog("no_such_schema")).isInstanceOf(SQLException.class);
            c.setCatalog(stage.schemaName(Side.SOURCE)); // the name that the application knows
            update(c, "INSERT INTO item (id) VALUES (2)");
        }
    }

    @Scenario(25)
    @Test
    void anIncrementOfTheSessionIsFollowed() throws Exception {
        open("");
        doing(false, c -> {
            update(c, "SET SESSION auto_increment_increment = 5");
            update(c, "INSERT INTO item (v) VALUES (1), (2), (3)");
        });
    }

    @Test
    void whatABatchSetsIsHeardAndAMixedSetIsRefused() throws Exception {
        open("");
        doing(false, c -> {
            update(c, "INSERT INTO item (v) VALUES (1)"); // so that the session is known
            try (Statement s = c.createStatement()) {
                s.addBatch("SET SESSION auto_increment_increment = 7");
                s.executeBatch();
            }
            update(c, "INSERT INTO item (v) VALUES (1), (2), (3)");
            assertThatThrownBy(
                            () -> update(
                                    c,
                                    "SET GLOBAL max_connect_errors = @@global.max_connect_errors, SESSION auto_increment_increment = 3"))
                    .hasMessageContaining("DW-2045");
            update(c, "INSERT INTO item (v) VALUES (1), (2), (3)");
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item")).isEqualTo("7");
    }

    @Scenario(103)
    @Test
    void anAbortedConnectionGoesBackToItsPoolWhenItIsClosed() throws Exception {
        open("");
        try (Connection c = stage.connect()) {
            c.setAutoCommit(false);
            update(c, "INSERT INTO item (id, v) VALUES (1, 1)");
            c.abort(Runnable::run);
            assertThat(c.isClosed()).isTrue();
            assertThat(c.isValid(1)).isFalse();
            assertThatThrownBy(c::createStatement)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("closed");
        }
        assertThat(stage.busy()).isZero();
        Eventually.eventually()
                .until("the server has undone it", () -> stage.rows(Side.SOURCE).isEmpty());
    }

    @Test
    void whatSqlHasSetMovesWithTheConnection() throws Exception {
        open("");
        try (Connection c = stage.connect();
                PreparedStatement set = c.prepareStatement("SET SESSION group_concat_max_len = ?");
                PreparedStatement read = c.prepareStatement(
                        "SELECT CONCAT_WS(' ', @@group_concat_max_len, @@auto_increment_increment, @mine, COUNT(*)) FROM"
                                + " code")) {
            set.setInt(1, 4_321);
            set.execute();
            update(c, "SET SESSION auto_increment_increment = 3");
            update(c, "SET SESSION auto_increment_increment = 2");
            update(c, "SET SESSION auto_increment_increment = 3");
            update(c, "SET @mine = 'here'");
            stage.flip(Side.TARGET);
            stage.believe(Side.TARGET);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("4321 3 here 0");
            }
            c.setAutoCommit(false);
            update(c, "INSERT INTO item (v) VALUES (1), (2), (3)"); // the increment is known on this side too
            c.commit();
            update(c, "SET @mine = @other");
            c.commit();
            stage.flip(Side.SOURCE);
            stage.believe(Side.SOURCE);
            assertThatThrownBy(() -> update(c, "INSERT INTO code VALUES ('a', 1)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("DW-3008");
        }
        doing(false, c -> update(c, "INSERT INTO item (v) VALUES (1), (2), (3)")); // whoever comes next
        stage.execute(Side.SOURCE, "DELETE FROM item");
        assertThat(stage.captured(Side.TARGET))
                .containsExactlyElementsOf(
                        stage.rows(Side.TARGET).keySet().stream().sorted().toList());
        assertThat(stage.rows(Side.SOURCE)).isEmpty();
    }

    @Scenario(35)
    @Test
    void namesMeanWhatTheServerTakesThemFor() throws Exception {
        open("");
        String own = stage.schemaName(Side.SOURCE);
        doing(false, c -> {
            update(c, "INSERT INTO `ITEM` (ID, v) VALUES (1, 1)".replace("ITEM", "item"));
            update(c, "UPDATE " + own + ".item SET v = 2");
            update(c, "UPDATE `" + own + "` . `item` AS x SET x.v = 3 WHERE x.v = 2");
            assertThatThrownBy(() -> update(c, "DELETE FROM " + stage.schemaName(Side.TARGET) + ".item"))
                    .hasMessageContaining("DW-2025");
            assertThatThrownBy(() -> c.setCatalog(stage.schemaName(Side.TARGET)))
                    .hasMessageContaining("DW-2042");
            c.setCatalog("information_schema");
            update(c, "UPDATE " + own + ".item SET v = 4 WHERE v = 3");
            assertThatThrownBy(() -> update(c, "DELETE FROM item")).isInstanceOf(SQLException.class);
            c.setCatalog(own);
            update(c, "UPDATE item SET v = v + 1 WHERE v = 4");
        });
        assertThat(stage.ask(Side.SOURCE, "SELECT v FROM item")).isEqualTo("5");
    }

    @Scenario(30)
    @Test
    void anUpdatableResultSetOfTheDomainIsRefused() throws Exception {
        open("");
        try (Connection c = stage.connect();
                Statement s = c.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE)) {
            assertThatThrownBy(() -> s.executeQuery("SELECT * FROM item")).hasMessageContaining("DW-2028");
            s.executeQuery("SELECT * FROM elsewhere").close();
            assertThatThrownBy(() -> c.prepareCall("{call p()}")).hasMessageContaining("DW-2041");
        }
    }

    /** What is converged is what the owner stores, whatever the session takes it for. */
    @Scenario(37)
    @ParameterizedTest
    @CsvSource({"true, ''", "false, ''", "true, &useServerPrepStmts=true", "false, &connectionTimeZone=Asia/Tokyo"})
    void theFollowersRowsAreTheSameWhateverTheSessionIsSetTo(boolean autoCommit, String options) throws Exception {
        stage = new Stage(
                options,
                List.of("moment"),
                "CREATE TABLE moment (id BIGINT AUTO_INCREMENT PRIMARY KEY, at TIMESTAMP(3) NULL, told DATETIME(3) NULL,"
                        + " words VARCHAR(50) CHARACTER SET utf8mb4, narrow VARCHAR(50) CHARACTER SET latin1, made"
                        + " TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), share FLOAT)");
        for (String setting : List.of(
                "SET time_zone = '+05:30'",
                "SET sql_mode = ''",
                "SET sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'",
                "SET time_zone = '-11:00'",
                "SET NAMES latin1",
                "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
                "SET character_set_results = NULL",
                "SET character_set_connection = utf16",
                "SET timestamp = 1700000000")) {
            doing(autoCommit, c -> {
                update(c, setting);
                try (PreparedStatement p = c.prepareStatement(
                        "INSERT INTO moment (at, told, words, narrow, share) VALUES (?, ?, ?, ?, ?)")) {
                    for (int i = 0; i < 3; i++) {
                        p.setTimestamp(1, Timestamp.valueOf("2024-0" + (i + 1) + "-15 12:34:56.789"));
                        p.setString(2, "2024-03-31 02:30:00.123");
                        p.setString(3, "Gr\u00fc\u00dfe");
                        p.setString(4, "\u00c4\u00e9");
                        p.setFloat(5, 0.1f * i);
                        p.executeUpdate();
                    }
                }
                update(c, "INSERT INTO moment (at, told) VALUES (NOW(3), NOW(3)), ('2024-06-01 00:00:00', CURDATE())");
                update(c, "UPDATE moment SET told = at, words = CONCAT(words, '!') WHERE at < '2024-02-01 00:00:00'");
                update(c, "DELETE FROM moment WHERE at > '2024-03-01 00:00:00' AND at < '2024-04-01 00:00:00'");
                c.setAutoCommit(true);
                update(c, "SET timestamp = DEFAULT");
                c.setAutoCommit(autoCommit);
            });
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT COUNT(*) > 20 FROM moment")).isEqualTo("1");
    }

    @Scenario(36)
    @Test
    void anEscapeIsCounted() throws Exception {
        open("");
        try (Connection c = stage.connect()) {
            assertThat(c.unwrap(Connection.class)).isSameAs(c);
            assertThat(stage.dataSource().escapes()).isZero();
            c.unwrap(JdbcConnection.class);
            assertThat(stage.dataSource().escapes()).isEqualTo(1);
            try (ResultSet tables = c.getMetaData().getTables(null, null, "item", null)) {
                tables.unwrap(ResultSetInternalMethods.class);
            }
            assertThat(stage.dataSource().escapes()).isEqualTo(2);
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery("SELECT 1")) {
                assertThat(s.getConnection()).isSameAs(c);
                assertThat(r.getStatement()).isSameAs(s);
                assertThat(c.getMetaData().getConnection()).isSameAs(c);
            }
        }
    }

    @Scenario(36)
    @Test
    void anEscapeIsRefusedWhereThatIsWished() throws Exception {
        open("");
        BoundaryDataSource strict = new BoundaryDataSource(List.of(stage), true);
        try (Connection c = strict.getConnection();
                Statement s = c.createStatement();
                PreparedStatement p = c.prepareStatement("SELECT 1");
                ResultSet r = s.executeQuery("SELECT 1");
                ResultSet tables = c.getMetaData().getTables(null, null, "item", null)) {
            refused(c, JdbcConnection.class);
            refused(c.getMetaData(), com.mysql.cj.jdbc.DatabaseMetaData.class);
            refused(s, JdbcStatement.class);
            refused(p, JdbcPreparedStatement.class);
            refused(r, ResultSetInternalMethods.class);
            refused(tables, ResultSetInternalMethods.class);
            assertThat(c.isWrapperFor(DualWriteConnection.class)).isTrue();
            assertThat(c.unwrap(DualWriteConnection.class)).isSameAs(c);
            assertThat(p.unwrap(Statement.class)).isSameAs(p);
            update(c, "INSERT INTO item (id, v) VALUES (1, 1)");
        }
        assertThat(strict.escapes()).isZero();
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:1");
    }

    private static void refused(Wrapper wrapper, Class<?> driver) throws SQLException {
        assertThat(wrapper.isWrapperFor(driver)).isFalse();
        assertThatThrownBy(() -> wrapper.unwrap(driver))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("DW-2049")
                .hasMessageContaining(driver.getName());
    }

    @Test
    void aPoolThatIsGivenAwayIsCountedAndItsFiguresAreNot() throws Exception {
        open("");
        BoundaryDataSource boundary = stage.dataSource();
        assertThat(boundary.unwrap(DataSource.class)).isSameAs(boundary);
        assertThat(boundary.isWrapperFor(HikariConfigMXBean.class)).isTrue();
        assertThat(boundary.unwrap(HikariConfigMXBean.class)).isSameAs(stage.pool(Side.SOURCE));
        assertThat(boundary.escapes()).isZero();
        assertThat(boundary.unwrap(HikariDataSource.class)).isSameAs(stage.pool(Side.SOURCE));
        assertThat(boundary.escapes()).isEqualTo(1);
        assertThat(boundary.isWrapperFor(Runnable.class)).isFalse();
        assertThatThrownBy(() -> boundary.unwrap(Runnable.class)).hasMessage("not a wrapper for java.lang.Runnable");
        assertThat(boundary.isWrapperFor(XADataSource.class)).isFalse();
        assertThatThrownBy(() -> boundary.unwrap(MysqlXADataSource.class))
                .isInstanceOf(SQLFeatureNotSupportedException.class)
                .hasMessageContaining("XA transactions are not supported");
        stage.believe(Side.TARGET);
        assertThat(boundary.unwrap(HikariConfigMXBean.class)).isSameAs(stage.pool(Side.TARGET));
    }
}
