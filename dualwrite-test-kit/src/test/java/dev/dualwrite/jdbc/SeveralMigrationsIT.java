package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Leaks;
import dev.dualwrite.testkit.oracle.OperationLog;
import dev.dualwrite.testkit.oracle.Oracle;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several migrations behind one data source: each has a phase and an owner of its own, and nothing is of two. */
class SeveralMigrationsIT {

    /** The accounts and the entries of a rig, each a migration; and a table that stays where it is. */
    private static final class Two implements AutoCloseable {
        private final Rig rig = Rig.shared();
        private final Leaks leaks = Leaks.watch(List.of("dualwrite-accounts", "dualwrite-entries"));
        private final HikariDataSource source = rig.pool(Side.SOURCE, "both", 24);
        private final HikariDataSource target = rig.pool(Side.TARGET, "both", 24);
        private final OperationLog log = new OperationLog();
        private final DualWrite accounts;
        private final DualWrite entries;
        private final DataSource dataSource;

        Two() throws Exception {
            rig.both("CREATE VIEW rich AS SELECT * FROM account WHERE balance > 1000");
            rig.schema(Side.SOURCE).execute("CREATE TABLE memo (id INT PRIMARY KEY, text VARCHAR(40)) ENGINE=InnoDB");
            accounts = migration("accounts", b -> b.tables("account"));
            entries = migration("entries", b -> b.tables("entry").idempotencyKeys(Duration.ofDays(1)));
            dataSource = DualWrite.dataSourceOver(accounts, entries);
        }

        DualWrite migration(String name, UnaryOperator<DualWriteBuilder> configure) {
            return configure
                    .apply(DualWrite.named(name)
                            .source(source)
                            .target(target)
                            .flipBudget(Duration.ofSeconds(10))
                            .instance("one"))
                    .build();
        }

        Connection connect() throws SQLException {
            return dataSource.getConnection();
        }

        Connection transaction() throws SQLException {
            Connection connection = connect();
            connection.setAutoCommit(false);
            return connection;
        }

        String ask(Side side, String query) throws SQLException {
            return rig.ask(side, query);
        }

        /** Moves one of the two, which stands in SOURCE_ONLY, to the target. */
        void move(DualWrite one) {
            Rig.readyToFlip(one);
            Rig.flipInSomeTries(one::flip);
        }

        void finish() throws SQLException {
            for (DualWrite one : List.of(accounts, entries)) {
                if (one.ownership().phase() == Phase.SOURCE_ONLY) {
                    Rig.enter(one, Phase.DUAL_WRITE);
                }
                if (one.ownership().owner() == Side.SOURCE) {
                    assertThat(one.backfill().complete()).isTrue();
                }
                Rig.verify(one);
            }
            oracle("accounts", "account").assertHolds();
            oracle("entries", "entry").assertHolds();
            Eventually.eventually()
                    .until(
                            "no connection of the host is kept",
                            () -> source.getHikariPoolMXBean().getActiveConnections()
                                            + target.getHikariPoolMXBean().getActiveConnections()
                                    == 0);
            closeMigrations();
            leaks.assertNone(Duration.ofSeconds(20));
        }

        private Oracle oracle(String migration, String table) {
            return new Oracle(
                    () -> rig.direct(Side.SOURCE), () -> rig.direct(Side.TARGET), migration, List.of(table), log);
        }

        private void closeMigrations() {
            accounts.close();
            entries.close();
        }

        @Override
        public void close() {
            closeMigrations();
            source.close();
            target.close();
            rig.close();
        }
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(StatementRefusedException.class).hasMessageStartingWith(code);
    }

    /** Transactions on accounts and on entries, in turn on one connection, until told to end. */
    private static Background<Integer> load(Two two, int client, AtomicBoolean end, AtomicInteger rounds) {
        return Background.run(() -> {
            int done = 0;
            try (Connection connection = two.transaction();
                    PreparedStatement account = connection.prepareStatement(
                            "UPDATE account SET balance = balance + 1 WHERE id = " + client);
                    PreparedStatement entry = connection.prepareStatement(
                            "INSERT INTO entry (account, amount) VALUES (" + client + ", 1)");
                    PreparedStatement read = connection.prepareStatement(
                            "SELECT balance FROM account WHERE id = " + client + " FOR UPDATE")) {
                while (!end.get()) {
                    try (ResultSet row = read.executeQuery()) {
                        row.next();
                        assertThat(row.getInt(1)).isEqualTo(done);
                    }
                    account.executeUpdate();
                    connection.commit();
                    entry.executeUpdate();
                    connection.commit();
                    done++;
                    rounds.incrementAndGet();
                }
            }
            return done;
        });
    }

    private static void await(AtomicInteger rounds, int more) {
        int wanted = rounds.get() + more;
        Eventually.within(Duration.ofSeconds(60)).until("the load goes on", () -> rounds.get() >= wanted);
    }

    @Test
    void eachMovesThereAndBackByItselfWhileTransactionsAlternate() throws Exception {
        try (Two two = new Two()) {
            int clients = 3;
            for (int client = 1; client <= clients; client++) {
                try (Connection connection = two.connect()) {
                    update(connection, "INSERT INTO account VALUES (" + client + ", 'someone', 0, NULL)");
                }
            }
            AtomicBoolean end = new AtomicBoolean();
            AtomicInteger rounds = new AtomicInteger();
            List<Background<Integer>> load = new ArrayList<>();
            for (int client = 1; client <= clients; client++) {
                load.add(load(two, client, end, rounds));
            }
            await(rounds, 20);
            two.move(two.accounts);
            assertThat(two.accounts.ownership().owner()).isEqualTo(Side.TARGET);
            assertThat(two.entries.ownership().phase()).isEqualTo(Phase.SOURCE_ONLY);
            await(rounds, 20);
            two.move(two.entries);
            assertThat(two.entries.ownership().owner()).isEqualTo(Side.TARGET);
            await(rounds, 20);
            Rig.flipInSomeTries(two.accounts::rollBack);
            assertThat(two.accounts.ownership().owner()).isEqualTo(Side.SOURCE);
            assertThat(two.entries.ownership().owner()).isEqualTo(Side.TARGET);
            await(rounds, 20);
            end.set(true);
            for (int client = 1; client <= clients; client++) {
                int done = load.get(client - 1).result();
                two.log.claim("balance", "SELECT balance FROM account WHERE id = " + client, done + ".00");
            }
            for (int client = 1; client <= clients; client++) {
                assertThat(two.ask(Side.TARGET, "SELECT COUNT(*) FROM entry WHERE account = " + client) + ".00")
                        .isEqualTo(two.ask(Side.SOURCE, "SELECT balance FROM account WHERE id = " + client));
            }
            two.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsOfTwo(boolean capturing) throws Exception {
        try (Two two = new Two()) {
            if (capturing) {
                Rig.enter(two.accounts, Phase.DUAL_WRITE);
                Rig.enter(two.entries, Phase.DUAL_WRITE);
            }
            try (Connection connection = two.transaction();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO account VALUES (1, 'someone', 10, NULL)");
                refused("DW-2048", () -> statement.executeUpdate("INSERT INTO entry (account, amount) VALUES (1, 1)"));
                refused("DW-2048", () -> statement.executeQuery("SELECT * FROM entry"));
                refused(
                        "DW-2048",
                        () -> statement.executeQuery("SELECT 1 FROM account a JOIN entry e ON e.account = a.id"));
                statement.executeUpdate("UPDATE account SET balance = 11 WHERE id = 1");
                connection.commit();
                statement.addBatch("UPDATE account SET balance = 12 WHERE id = 1");
                statement.addBatch("INSERT INTO entry (account, amount) VALUES (1, 1)");
                refused("DW-2048", statement::executeBatch);
                connection.rollback();
                statement.clearBatch();
                statement.executeQuery("SELECT * FROM entry").close();
                refused("DW-2048", () -> statement.executeUpdate("UPDATE account SET balance = 13 WHERE id = 1"));
                connection.rollback();
                connection.setAutoCommit(true);
                refused(
                        "DW-2048",
                        () -> statement.executeUpdate(
                                "UPDATE account SET balance = 14 WHERE id IN (SELECT account FROM entry)"));
                refused("DW-2048", () -> statement.executeQuery("SELECT * FROM rich"));
                refused("DW-2001", () -> statement.executeUpdate("REPLACE INTO entry (id) VALUES (1)"));
                statement.executeUpdate("UPDATE account SET balance = balance + 1 WHERE id = 1");
                statement.executeUpdate("INSERT INTO entry (account, amount) VALUES (1, 1)");
            }
            two.log.claim("balance", "SELECT balance FROM account WHERE id = 1", "12.00");
            assertThat(two.ask(Side.SOURCE, "SELECT balance FROM account")).isEqualTo("12.00");
            assertThat(two.ask(Side.SOURCE, "SELECT COUNT(*) FROM entry")).isEqualTo("1");
            two.finish();
        }
    }

    @Test
    void tablesOfNoneAreUsedWithEitherWhileItsSourceOwns() throws Exception {
        try (Two two = new Two()) {
            two.move(two.accounts);
            Rig.enter(two.entries, Phase.DUAL_WRITE);
            try (Connection connection = two.transaction();
                    Statement statement = connection.createStatement()) {
                for (int i = 1; i <= 3; i++) {
                    statement.executeUpdate("INSERT INTO account VALUES (" + i + ", 'on the target', 0, NULL)");
                    connection.commit();
                    statement.executeUpdate("INSERT INTO memo VALUES (" + i + ", 'the last one used the target')");
                    statement.executeUpdate("INSERT INTO entry (account, amount) VALUES (" + i + ", 1)");
                    connection.commit();
                    statement.executeUpdate("INSERT INTO memo VALUES (" + (10 + i) + ", 'the last one was here')");
                    refused(
                            "DW-2026",
                            () -> statement.executeUpdate("UPDATE account SET balance = 1 WHERE owner LIKE 'on%'"));
                    connection.rollback();
                }
            }
            assertThat(two.ask(Side.SOURCE, "SELECT GROUP_CONCAT(id ORDER BY id) FROM memo"))
                    .isEqualTo("1,2,3");
            assertThat(two.ask(Side.SOURCE, "SELECT COUNT(*) FROM entry")).isEqualTo("3");
            two.finish();
        }
    }

    @Test
    void savepointsMoveAlong() throws Exception {
        try (Two two = new Two()) {
            two.move(two.accounts);
            Rig.enter(two.entries, Phase.DUAL_WRITE);
            try (Connection connection = two.transaction()) {
                update(connection, "INSERT INTO account VALUES (1, 'on the target', 0, NULL)");
                connection.commit();
                connection.setSavepoint("unused");
                update(connection, "INSERT INTO entry (account, amount) VALUES (1, 1)");
                Savepoint between = connection.setSavepoint();
                update(connection, "INSERT INTO entry (account, amount) VALUES (1, 2)");
                connection.rollback(between);
                connection.commit();
                connection.setSavepoint("unused");
                update(connection, "UPDATE account SET balance = 5 WHERE id = 1");
                connection.commit();
                Savepoint before = connection.setSavepoint("before");
                update(connection, "INSERT INTO entry (account, amount) VALUES (1, 3)");
                connection.rollback(before);
                connection.commit();
            }
            assertThat(two.ask(Side.SOURCE, "SELECT GROUP_CONCAT(amount) FROM entry"))
                    .isEqualTo("1.00");
            assertThat(two.ask(Side.TARGET, "SELECT balance FROM account")).isEqualTo("5.00");
            two.finish();
        }
    }

    @Test
    void aKeyBelongsToTheMigrationOfTheNextStatement() throws Exception {
        try (Two two = new Two()) {
            String insert = "INSERT INTO entry (account, amount) VALUES (1, 1)";
            try (Connection connection = two.transaction();
                    Statement statement = connection.createStatement()) {
                DualWriteConnection own = connection.unwrap(DualWriteConnection.class);
                own.idempotencyKey("once");
                refused("DW-2047", () -> statement.executeQuery("SELECT * FROM memo"));
                refused("DW-2047", connection::setSavepoint);
                refused("DW-2047", connection::commit);
                refused("DW-2046", () -> statement.executeUpdate("UPDATE account SET balance = 0"));
                statement.executeUpdate(insert);
                refused("DW-2048", () -> statement.executeUpdate("UPDATE account SET balance = 0"));
                connection.commit();
                statement.executeQuery("SELECT * FROM account").close();
                connection.commit();
                own.idempotencyKey("once");
                assertThatThrownBy(() -> statement.executeUpdate(insert)).isInstanceOf(AlreadyAppliedException.class);
                connection.rollback();
                statement.executeUpdate("INSERT INTO account VALUES (1, 'someone', 0, NULL)");
                connection.commit();
            }
            assertThat(two.entries.resolve("once").outcome()).isEqualTo(Resolution.Outcome.COMMITTED);
            assertThat(two.ask(Side.SOURCE, "SELECT COUNT(*) FROM entry")).isEqualTo("1");
            assertThat(two.ask(Side.SOURCE, "SELECT COUNT(*) FROM account")).isEqualTo("1");
            two.finish();
        }
    }

    @Test
    void whatOverlapsIsRefused() throws Exception {
        try (Two two = new Two();
                HikariDataSource another = two.rig.pool(Side.SOURCE, "another", 2);
                DualWrite overlaps = two.migration("overlaps", b -> b.tables("ENTRY", "account"));
                DualWrite elsewhere =
                        two.migration("elsewhere", b -> b.source(another).tables("entry"))) {
            assertThatThrownBy(() -> DualWrite.dataSourceOver(two.accounts, two.entries, overlaps))
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageStartingWith("DW-1013")
                    .hasMessageContaining("both move account;");
            assertThatThrownBy(() -> DualWrite.dataSourceOver(two.accounts, elsewhere))
                    .hasMessageStartingWith("DW-1013")
                    .hasMessageContaining("different source pools");
            assertThatThrownBy(() -> DualWrite.dataSourceOver(two.accounts, two.accounts))
                    .hasMessageStartingWith("DW-1013")
                    .hasMessageContaining("name each once");
            assertThatThrownBy(DualWrite::dataSourceOver).hasMessageStartingWith("DW-1000");
        }
    }

    @Test
    void shardsAreMigrationsWithADataSourceEach() throws Exception {
        try (Rig first = Rig.shared();
                Rig second = Rig.shared()) {
            List<Rig> shards = List.of(first, second);
            List<Node> nodes = new ArrayList<>();
            for (Rig shard : shards) {
                Node node = shard.node("one", b -> b.flipBudget(Duration.ofSeconds(10)))
                        .start();
                node.write("INSERT INTO account VALUES (1, 'someone', 0, NULL)");
                shard.log().present("account", "id", 1);
                nodes.add(node);
            }
            Rig.readyToFlip(nodes.get(0).dualWrite());
            Rig.flipInSomeTries(nodes.get(0).dualWrite()::flip);
            for (int i = 0; i < shards.size(); i++) {
                nodes.get(i).write("UPDATE account SET balance = 7 WHERE id = 1");
                shards.get(i).log().claim("balance", "SELECT balance FROM account WHERE id = 1", "7.00");
            }
            assertThat(nodes.get(0).dualWrite().ownership().owner()).isEqualTo(Side.TARGET);
            assertThat(nodes.get(1).dualWrite().ownership().phase()).isEqualTo(Phase.SOURCE_ONLY);
            Rig.readyToFlip(nodes.get(1).dualWrite());
            for (Rig shard : shards) {
                shard.oracle().assertHolds();
            }
            nodes.forEach(Node::close); // before a rig looks for threads, which it cannot tell from another's
            first.finish();
            second.finish();
        }
    }
}
