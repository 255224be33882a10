package dev.dualwrite.samples.orders.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Spring's own data sources above the boundary, there and back. */
class StacksIT extends OnSpring {
    @ParameterizedTest
    @EnumSource
    void aStackIsThereAndBack(Stack stack) throws Exception {
        use(stack.on(kit().dataSource()));
        work(10);
        assertThatThrownBy(() -> transaction().executeWithoutResult(status -> {
                    overtaken();
                    insert(1);
                }))
                .isExactlyInstanceOf(CannotAcquireLockException.class);
        work(20);
        transaction().executeWithoutResult(status -> {
            flip();
            insert(30); // nothing was done before, so nothing is overtaken
        });
        work(40);
        present(30);
        absent(1);
    }

    private void work(int from) throws SQLException {
        transaction().executeWithoutResult(status -> {
            insert(from);
            assertThat(jdbc().batchUpdate(
                                    "INSERT INTO entry VALUES (?, 'batch')",
                                    List.of(new Object[] {from + 1}, new Object[] {from + 2})))
                    .containsOnly(1);
            nested().executeWithoutResult(inner -> {
                insert(from + 3);
                inner.setRollbackOnly();
            });
        });
        transaction().executeWithoutResult(status -> {
            insert(from + 4);
            status.setRollbackOnly();
        });
        assertThat(readOnly().<Integer>execute(status -> count()))
                .isEqualTo(Integer.parseInt(kit().owner().ask("SELECT COUNT(*) FROM entry")));
        insert(from + 5);
        present(from, from + 1, from + 2, from + 5);
        absent(from + 3, from + 4);
    }

    /** Code that knows JDBC only is in Spring's transaction, if its {@code DataSource} is aware of it. */
    @Test
    void plainCodeJoinsTheTransaction() {
        DataSource aware = new TransactionAwareDataSourceProxy(kit().dataSource());
        use(aware);
        transaction().executeWithoutResult(status -> {
            insert(1);
            plainCode(aware, 2);
            status.setRollbackOnly();
        });
        transaction().executeWithoutResult(status -> {
            insert(3);
            plainCode(aware, 4);
        });
        plainCode(aware, 5);
        present(3, 4, 5);
        absent(1, 2);
    }

    private static void plainCode(DataSource dataSource, int id) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO entry VALUES (" + id + ", 'plain')");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
