package dev.dualwrite.testkit;

import static dev.dualwrite.testkit.assertion.DualWriteAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.fault.Leaks;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** What a test is given, and that tests do not meet. Each fixture is a test class that another run of JUnit executes. */
class DualWriteTestIT {
    private static final Queue<String> SCHEMAS = new ConcurrentLinkedQueue<>();

    private static SummaryGeneratingListener run(Class<?> fixture) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(fixture))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary);
        return summary;
    }

    private static Stream<String> failures(SummaryGeneratingListener run) {
        return run.getSummary().getFailures().stream()
                .map(failure -> String.valueOf(failure.getException().getMessage()));
    }

    /** Rows that only the source has at first. */
    static final class Rows implements DualWriteSetup {
        @Override
        public void prepare(Side side, Database database) throws Exception {
            if (side == Side.SOURCE) {
                database.execute("INSERT INTO orders VALUES (7, 'by the setup', 'NEW')");
            }
        }
    }

    /** Two tests that are in each other's time, on two servers. */
    @DualWriteTest(schema = "/com/example/shop/shop.sql", setup = Rows.class)
    static class Fixture {
        private static final CountDownLatch BOTH = new CountDownLatch(2);

        @Test
        void one(DualWriteHarness kit, DualWrite dualWrite, DataSource dataSource, @Source Database source)
                throws Exception {
            assertThat(dataSource).isSameAs(dualWrite.dataSource());
            assertThat(kit.source()).isSameAs(source);
            works(kit);
        }

        @Nested
        class Inner {
            @Test
            void other(DualWriteHarness kit, @Destination Database target) throws Exception {
                assertThat(kit.target()).isSameAs(target);
                works(kit);
            }
        }

        private static void works(DualWriteHarness kit) throws Exception {
            SCHEMAS.add(kit.source().schema());
            SCHEMAS.add(kit.target().schema());
            assertThat(kit.source().server()).isSameAs(TwoServers.get().source());
            assertThat(kit.dualWrite().ownership().phase()).isEqualTo(Phase.DUAL_WRITE);
            assertThat(kit.target().ask("SELECT customer FROM orders WHERE id = 7"))
                    .isEqualTo("by the setup");
            BOTH.countDown();
            assertThat(BOTH.await(60, TimeUnit.SECONDS)).isTrue();
            try (var connection = kit.dataSource().getConnection();
                    var statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE orders SET state = 'SENT'");
            }
            kit.awaitConverged();
            assertThat(kit.parity()).tables("orders", "order_line").isIdenticalAndNotEmpty();
            assertThat(kit.target().ask("SELECT COUNT(*) FROM orders WHERE state = 'SENT'"))
                    .isEqualTo("2");
            kit.oracle().assertHolds();
        }
    }

    @Test
    void testsThatRunAtATimeHaveDatabasesOfTheirOwnAndNothingStays() throws Exception {
        Leaks leaks = Leaks.watch(List.of("dualwrite-kit-"));
        SummaryGeneratingListener run = run(Fixture.class);
        assertThat(failures(run)).isEmpty();
        assertThat(run.getSummary().getTestsSucceededCount()).isEqualTo(2);
        assertThat(SCHEMAS).hasSize(4).doesNotHaveDuplicates();
        for (String schema : SCHEMAS) {
            for (var server :
                    List.of(TwoServers.get().source(), TwoServers.get().target())) {
                assertThat(server.ask("SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '" + schema
                                + "'"))
                        .isEqualTo("0");
            }
        }
        leaks.assertNone(Duration.ofSeconds(20));
    }

    /** Asks for what it cannot be given. */
    @DualWriteTest(schema = "no-such.sql")
    static class Mistaken {
        @BeforeAll
        static void tooEarly(DualWriteHarness kit) {
            assertThat(kit).as("a harness for a class").isNull();
        }

        @Test
        void never() {}
    }

    /** Names a script that is not there. */
    @DualWriteTest(schema = "no-such.sql")
    static class Scriptless {
        @Test
        void never(DualWriteHarness kit) {
            assertThat(kit).as("a harness without its tables").isNull();
        }
    }

    @Test
    void whatCannotBeGivenIsRefusedWithAReason() {
        assertThat(failures(run(Mistaken.class))).singleElement().asString().contains("are given to each test");
        assertThat(failures(run(Scriptless.class)))
                .singleElement()
                .asString()
                .contains("there is no script no-such.sql");
        assertThatThrownBy(() -> DualWriteHarness.isolated()
                        .schema("CREATE TABLE t (id BIGINT PRIMARY KEY); nonsense;")
                        .start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nonsense");
    }

    /** Has a hidden reader that swallows what it is told. */
    @DualWriteTest(schema = "/com/example/shop/shop.sql")
    static class Swallowing {
        @Test
        void hasAHiddenReader(DualWriteHarness kit) throws Exception {
            kit.denyOldSide();
            try (Connection hidden = DriverManager.getConnection(kit.source().url())) {
                hidden.createStatement().executeQuery("SELECT price FROM order_line");
            } catch (SQLException denied) {
                assertThat(denied.getMessage()).contains("denied");
            }
        }
    }

    @Test
    void aTestFailsAtItsEndIfSomebodyCameToTheOldSideUnheard() {
        assertThat(failures(run(Swallowing.class)))
                .singleElement()
                .asString()
                .contains("1 statements went to moved tables on the old side", "SELECT price FROM order_line");
    }
}
