package dev.dualwrite.samples.orders.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteTest;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.rehearsal.Passage;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's JDBC on a migration in {@code DUAL_WRITE}; the oracle ends each test. */
@DualWriteTest(schema = "entry.sql")
class OnSpring {
    /** A thread for each task: on JDK 25 the common pool may have but one, and tasks here wait for each other. */
    static final Executor THREADS = task -> new Thread(task, "beside-the-test").start();

    private DualWriteHarness kit;
    private JdbcTemplate jdbc;
    private PlatformTransactionManager manager;

    @BeforeEach
    void open(DualWriteHarness harness) {
        kit = harness;
        use(harness.dataSource());
    }

    /** Another {@code DataSource} in front of the boundary. */
    void use(DataSource dataSource) {
        jdbc = new JdbcTemplate(dataSource);
        manager = new JdbcTransactionManager(dataSource);
    }

    @AfterEach
    void judge() throws SQLException {
        kit.oracle().assertHolds();
    }

    DualWriteHarness kit() {
        return kit;
    }

    JdbcTemplate jdbc() {
        return jdbc;
    }

    PlatformTransactionManager manager() {
        return manager;
    }

    TransactionTemplate transaction() {
        return new TransactionTemplate(manager);
    }

    TransactionTemplate transaction(int propagation) {
        TransactionTemplate template = transaction();
        template.setPropagationBehavior(propagation);
        return template;
    }

    TransactionTemplate nested() {
        return transaction(TransactionDefinition.PROPAGATION_NESTED);
    }

    TransactionTemplate requiresNew() {
        return transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    TransactionTemplate readOnly() {
        TransactionTemplate template = transaction();
        template.setReadOnly(true);
        return template;
    }

    void insert(int id) {
        assertThat(jdbc.update("INSERT INTO entry VALUES (?, 'new')", id)).isEqualTo(1);
    }

    int count() {
        Integer count = jdbc.queryForObject("SELECT COUNT(*) FROM entry", Integer.class);
        return count == null ? 0 : count;
    }

    void present(int... ids) {
        for (int id : ids) {
            kit.log().present("entry", "id", id);
        }
    }

    void absent(int... ids) {
        for (int id : ids) {
            kit.log().absent("entry", "id", id);
        }
    }

    /** There, or back. */
    void flip() {
        Side before = kit.dualWrite().ownership().owner();
        new Passage(kit.dualWrite()).flip();
        assertThat(kit.dualWrite().ownership().owner()).isEqualTo(before.other());
    }

    /** Verified, and the gate is open. */
    void ready() {
        new Passage(kit.dualWrite()).verify();
        Eventually.eventually()
                .until(
                        () -> kit.dualWrite().gate(Phase.REVERSE_WINDOW).open(),
                        () -> "the gate: " + kit.dualWrite().gate(Phase.REVERSE_WINDOW));
    }

    /** The transaction that asks is bound to the present owner by a read; then ownership moves. */
    void overtaken() {
        assertThat(count()).isNotNegative();
        flip();
    }
}
