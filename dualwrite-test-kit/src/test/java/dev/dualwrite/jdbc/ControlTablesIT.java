package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.MysqlXADataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library's own tables: who makes them, and what happens without them or without a right on them. */
class ControlTablesIT {
    private static final String PLAIN = "CREATE TABLE plain (id BIGINT PRIMARY KEY) ENGINE=InnoDB";

    /** The DDL as it ships, run as Flyway would. */
    private static void install(Rig rig) throws Exception {
        String text;
        try (InputStream in =
                Objects.requireNonNull(DualWrite.class.getResourceAsStream("/dev/dualwrite/jdbc/control-tables.sql"))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (String statement : text.replaceAll("(?m)^--.*$", "").split(";", -1)) {
            if (!statement.isBlank()) {
                rig.both(statement.strip());
            }
        }
    }

    @Test
    void theShippedTextIsAllThatAnAccountWithoutDdlNeeds() throws Exception {
        try (Rig rig = Rig.shared();
                AppAccount account = new AppAccount(rig, "SELECT, INSERT, UPDATE, DELETE ON *")) {
            for (boolean create : new boolean[] {false, true}) {
                assertThatThrownBy(() -> rig.node(
                                        "too-early-" + create,
                                        builder -> account.forBoth(builder).createControlTables(create))
                                .start())
                        .isInstanceOf(DualWriteException.class)
                        .hasMessageStartingWith("DW-1011 SOURCE has no control tables dualwrite_fence, ")
                        .hasMessageContaining("control-tables.sql");
            }
            install(rig);
            for (boolean create : new boolean[] {false, true}) {
                Node node = rig.node(
                                "app-" + create,
                                builder -> account.forBoth(builder)
                                        .createControlTables(create)
                                        .flipBudget(Duration.ofSeconds(10)))
                        .start();
                node.write("INSERT INTO account VALUES (" + (create ? 2 : 1) + ", 'someone', 1, NULL)");
                rig.log().present("account", "id", create ? 2 : 1);
                if (!create) {
                    Rig.readyToFlip(node.dualWrite());
                    assertThat(node.dualWrite().flip().toString())
                            .as("the generated identifiers of the next owner are raised")
                            .contains("ALTER command denied");
                    account.grant(Side.TARGET, "ALTER, CREATE ON entry");
                    Rig.flipInSomeTries(node.dualWrite()::flip);
                    node.close();
                }
            }
            account.end();
            rig.finish();
        }
    }

    /** A pool of which the library knows nothing but that it gives connections. */
    private static DataSource opaque(DataSource pool) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isWrapperFor")) {
                        return false;
                    }
                    try {
                        return method.invoke(pool, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aDataSourceThatTellsNoUrlIsRefusedAndWorksWithAnAccessOfItsOwn() throws Exception {
        try (Rig rig = Rig.shared()) {
            try (HikariDataSource source = rig.pool(Side.SOURCE, "opaque", 4);
                    HikariDataSource target = rig.pool(Side.TARGET, "opaque", 4)) {
                refused(rig, source, target);
                Node node = rig.node(
                                "own-access",
                                b -> b.source(opaque(source))
                                        .target(opaque(target))
                                        .sourceAccess(url(rig, Side.SOURCE), null, null)
                                        .targetAccess(url(rig, Side.TARGET), null, null))
                        .start();
                assertThatThrownBy(() -> DualWrite.named("another")
                                .source(node.dataSource())
                                .target(target)
                                .tables("account")
                                .build())
                        .as("behind a boundary is now this pool and now that")
                        .isInstanceOf(DualWriteException.class)
                        .hasMessageStartingWith("DW-1006 the SOURCE DataSource is a ");
                node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
                Rig.readyToFlip(node.dualWrite());
                Rig.flipInSomeTries(node.dualWrite()::flip);
                node.write("INSERT INTO account VALUES (2, 'someone', 1, NULL)");
            }
            rig.log().present("account", "id", 1);
            rig.log().present("account", "id", 2);
            rig.finish();
        }
    }

    private static String url(Rig rig, Side side) {
        return rig.proxy(side).jdbcUrl(rig.schema(side).name());
    }

    private static void refused(Rig rig, HikariDataSource source, HikariDataSource target) {
        DualWriteBuilder builder = DualWrite.named(rig.migration())
                .source(opaque(source))
                .target(target)
                .tables("account", "entry");
        assertThatThrownBy(builder::build)
                .isInstanceOf(DualWriteException.class)
                .hasMessageStartingWith("DW-1006 the SOURCE DataSource is a ")
                .hasMessageContaining("sourceAccess(url, user, password)");
        assertThatThrownBy(() -> builder.source(new MysqlXADataSource()).build())
                .isInstanceOf(DualWriteException.class)
                .hasMessageStartingWith("DW-1016 the SOURCE DataSource is a com.mysql.cj.jdbc.MysqlXADataSource");
        HikariConfig byClass = new HikariConfig();
        byClass.setDataSourceClassName("com.mysql.cj.jdbc.MysqlDataSource");
        byClass.setInitializationFailTimeout(-1);
        byClass.setMinimumIdle(0);
        byClass.setPoolName("rig-by-class");
        try (HikariDataSource pool = new HikariDataSource(byClass)) {
            assertThatThrownBy(() -> builder.source(source).target(pool).build())
                    .isInstanceOf(DualWriteException.class)
                    .hasMessageStartingWith("DW-1006 the TARGET Hikari pool has no jdbcUrl")
                    .hasMessageContaining("targetAccess(url, user, password)");
        }
    }

    @Scenario(18)
    @Requirement(207)
    @Test
    void aWriteWhoseIntentIsNotTakenIsUndoneWithIt() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, Rig.ENTRY);
                AppAccount account = new AppAccount(rig, "SELECT ON *", "INSERT, UPDATE, DELETE ON account")) {
            install(rig);
            account.grant(Side.SOURCE, "INSERT, UPDATE, DELETE ON entry");
            account.grant(Side.SOURCE, "INSERT, UPDATE ON dualwrite_intent");
            account.grant(Side.SOURCE, "UPDATE ON dualwrite_fence");
            Node node = rig.node("app", account::forTheApplication).start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            rig.log().present("account", "id", 1);
            account.revoke(Side.SOURCE, "INSERT ON dualwrite_intent");

            String[] refused = {
                "INSERT INTO account VALUES (2, 'someone', 1, NULL)", // keys known before: the intent goes first
                "INSERT INTO entry (account, amount) VALUES (1, 1)", // generated: the intent comes after
                "UPDATE account SET balance = 99", // selected
                "DELETE FROM account WHERE id = 1"
            };
            for (String sql : refused) {
                assertNamed(() -> node.write(sql));
                assertNamed(() -> node.transaction(sql));
            }
            rig.log().absent("account", "id", 2);
            rig.log().claim("nothing was changed", "SELECT COUNT(*) FROM entry", 0);
            rig.log().claim("nothing was changed", "SELECT balance FROM account WHERE id = 1", "1.00");
            account.grant(Side.SOURCE, "INSERT ON dualwrite_intent");
            node.write("INSERT INTO account VALUES (3, 'someone', 1, NULL)");
            rig.log().present("account", "id", 3);
            assertThat(node.dualWrite().backfill().complete()).isTrue();
            account.end();
            rig.finish();
        }
    }

    /** A call that must fail. */
    private interface Call {
        void run() throws SQLException;
    }

    private static void assertNamed(Call call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("DW-3006 ")
                .hasMessageContaining("dualwrite_intent")
                .satisfies(e -> assertThat(((SQLException) e).getErrorCode()).isEqualTo(1142));
    }

    /** The tables are renamed away, so that what is queued survives their absence. */
    @Scenario(19)
    @ParameterizedTest
    @ValueSource(strings = {"intent", "fence"})
    void withoutAControlTableMovedTablesAreRefusedByNameAndOthersAreNotAffected(String name) throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, Rig.ENTRY)) {
            rig.schema(Side.SOURCE).execute(PLAIN);
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger told = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            CompletableFuture<Void> load = CompletableFuture.runAsync(
                    () -> {
                        for (int id = 1; !stop.get(); id++) {
                            String row = "INSERT INTO account VALUES (" + id + ", 'someone', 1, NULL)";
                            try {
                                if (id % 2 == 0) {
                                    node.write(row);
                                } else {
                                    node.transaction(row, "INSERT INTO entry (account, amount) VALUES (" + id + ", 1)");
                                }
                                rig.log().present("account", "id", id);
                                told.incrementAndGet();
                            } catch (SQLException e) {
                                assertThat((Throwable) e)
                                        .hasMessageStartingWith("DW-3006 ")
                                        .hasMessageContaining("dualwrite_");
                                rig.log().absent("account", "id", id);
                                refused.incrementAndGet();
                            }
                        }
                    },
                    Background.THREADS);
            Eventually.eventually().until("some are written", () -> told.get() > 20);
            rig.schema(Side.SOURCE).execute("RENAME TABLE dualwrite_" + name + " TO away");
            Eventually.eventually().until("some are refused", () -> refused.get() > 20);
            int written = told.get();
            node.write("INSERT INTO plain VALUES (1)");
            node.transaction("INSERT INTO plain VALUES (2)", "UPDATE plain SET id = 3 WHERE id = 2");
            try (Connection connection = node.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(statement
                                .executeQuery("SELECT COUNT(*) FROM account")
                                .next())
                        .as("reads go on")
                        .isTrue();
            }
            assertThat(told.get()).as("none is written").isEqualTo(written);
            rig.schema(Side.SOURCE).execute("RENAME TABLE away TO dualwrite_" + name);
            Eventually.eventually().until("they are written again", () -> told.get() > written + 20);
            stop.set(true);
            load.get(60, TimeUnit.SECONDS);
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM plain")).isEqualTo("2");
            rig.log()
                    .claim(
                            "no half transaction",
                            "SELECT COUNT(*) FROM account a LEFT JOIN entry e ON e.account = a.id"
                                    + " WHERE a.id % 2 = 1 AND e.id IS NULL",
                            0);
            rig.finish();
        }
    }

    /** The way out that needs no intent table. */
    @Scenario({19, 20})
    @Test
    void theDeepSwitchWorksWhenTheIntentTableIsLost() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            rig.log().present("account", "id", 1);
            Rig.readyToFlip(node.dualWrite());
            rig.schema(Side.SOURCE).execute("DROP TABLE dualwrite_intent");
            assertThatThrownBy(() -> node.write("INSERT INTO account VALUES (2, 'someone', 1, NULL)"))
                    .hasMessageStartingWith("DW-3006 ");
            Rig.enter(node.dualWrite(), Phase.SOURCE_ONLY);
            node.write("INSERT INTO account VALUES (3, 'someone', 1, NULL)");
            rig.log().absent("account", "id", 2);
            rig.log().present("account", "id", 3);
            install(rig);
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).open()).isFalse();
            assertThat(node.dualWrite().backfill().complete()).isTrue();
            Rig.verify(node.dualWrite());
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).open()).isTrue();
            rig.finish();
        }
    }
}
