package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.Background;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A transaction ends without a word to the boundary, or does not end although it was told to. */
class UnseenRollbackIT extends OnStage {

    /** A deadlock in {@code updateRow}, which is between the driver and the application. */
    @Test
    void whatIsRolledBackInAResultOfAnotherTableLeavesTheFenceInDoubt() throws Exception {
        open("");
        stage.put(
                "INSERT INTO item (id, v) VALUES (1, 1), (2, 2)",
                "INSERT INTO elsewhere (id, v) VALUES (1, 1), (2, 2)");
        stage.execute(Side.SOURCE, "UPDATE dualwrite_fence SET phase = 'SOURCE_ONLY'");
        try (Connection c = stage.connect();
                Connection other = stage.direct(Side.SOURCE);
                Statement reader = c.createStatement(ResultSet.TYPE_SCROLL_SENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
            c.setAutoCommit(false);
            ResultSet rows = reader.executeQuery("SELECT id, v FROM elsewhere WHERE id = 2");
            assertThat(rows.next()).isTrue();
            update(c, "UPDATE item SET v = 5 WHERE id = 1");
            other.setAutoCommit(false);
            update( // so much that the other transaction is the one to be rolled back
                    other,
                    "INSERT INTO elsewhere (v) VALUES "
                            + IntStream.range(0, 200).mapToObj(i -> "(1)").collect(Collectors.joining(", ")));
            update(other, "UPDATE elsewhere SET v = 3 WHERE id = 2");
            CompletableFuture<Void> waits = CompletableFuture.runAsync(
                    () -> {
                        try {
                            update(other, "UPDATE item SET v = 6 WHERE id = 1");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    Background.THREADS);
            Eventually.eventually().until("the other one waits", () -> stage.waits(Side.SOURCE));
            rows.updateInt(2, 9);
            assertThatThrownBy(rows::updateRow)
                    .satisfies(
                            e -> assertThat(((SQLException) e).getErrorCode()).isEqualTo(1213));
            waits.get(20, TimeUnit.SECONDS);
            other.rollback();
            // nobody holds the fence now: the phase begins in which changes are captured
            stage.execute(Side.SOURCE, "UPDATE dualwrite_fence SET phase = 'DUAL_WRITE', epoch = epoch + 1");
            update(c, "UPDATE item SET v = 7 WHERE id = 2");
            assertThatThrownBy(c::commit).isInstanceOf(OwnershipException.class);
            update(c, "UPDATE item SET v = v + 1 WHERE id = 2");
            c.commit();
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(v ORDER BY id) FROM item"))
                .isEqualTo("1,3");
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:2");
    }

    /** A driver sends nothing while a result is read row by row: the transaction is as it was, with its keys. */
    @Test
    void aRollbackThatFailsForgetsNothing() throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 1), (2, 2), (3, 3)");
        try (Connection c = stage.connect();
                Statement reader = c.createStatement()) {
            c.setAutoCommit(false);
            update(c, "UPDATE item SET v = v + 10 WHERE v < 3"); // its keys wait for the commit
            reader.setFetchSize(Integer.MIN_VALUE);
            ResultSet rows = reader.executeQuery("SELECT id FROM item ORDER BY id");
            assertThat(rows.next()).isTrue();
            assertThatThrownBy(c::rollback).isInstanceOf(SQLException.class);
            rows.close();
            c.commit();
        }
        assertThat(stage.ask(Side.SOURCE, "SELECT GROUP_CONCAT(v ORDER BY id) FROM item"))
                .isEqualTo("11,12,3");
        assertThat(stage.captured(Side.SOURCE)).containsExactly("item:1", "item:2");
    }
}
