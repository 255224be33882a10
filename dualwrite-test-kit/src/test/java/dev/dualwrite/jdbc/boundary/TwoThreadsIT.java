package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.Background;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.FailPoint;
import dev.dualwrite.testkit.fault.Hold;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * While one thread works, another one takes its connection away, as pools do with connections that they hold for abandoned:
 * whoever was told that it has committed has, and nothing is committed without its intents.
 */
class TwoThreadsIT extends OnStage {
    private static final int ROUNDS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What the other thread does. */
    enum Taking {
        CLOSE {
            @Override
            void from(Connection connection, Statement statement) throws SQLException {
                connection.close();
            }
        },
        ABORT {
            @Override
            void from(Connection connection, Statement statement) throws SQLException {
                connection.abort(Runnable::run);
            }
        },
        CANCEL {
            @Override
            void from(Connection connection, Statement statement) throws SQLException {
                statement.cancel();
            }
        };

        abstract void from(Connection connection, Statement statement) throws SQLException;
    }

    /** Something that may fail because of what another thread does. */
    private interface Action {
        void run() throws SQLException;
    }

    private static CompletableFuture<Boolean> begin(Action action) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        action.run();
                        return true;
                    } catch (SQLException e) {
                        return false;
                    }
                },
                Background.THREADS);
    }

    static Stream<Arguments> everyMoment() {
        return Stream.of(FailPoint.UPDATE_ROWS, FailPoint.WRITE_INTENTS, FailPoint.COMMIT)
                .flatMap(at -> Stream.of(Taking.values()).map(how -> Arguments.of(at, how)));
    }

    @ParameterizedTest
    @MethodSource("everyMoment")
    void whatIsCommittedIsCapturedAndWhatIsToldIsTrue(FailPoint at, Taking how) throws Exception {
        open("");
        stage.put("INSERT INTO item (id, v) VALUES (1, 0), (2, 0)");
        for (int round = 1; round <= ROUNDS; round++) {
            int value = round;
            stage.forget(Side.SOURCE);
            CompletableFuture<Boolean> told;
            CompletableFuture<Boolean> taken;
            Connection connection = stage.connect();
            Statement statement = connection.createStatement();
            try (Hold hold = stage.hold(at)) {
                told = begin(() -> {
                    connection.setAutoCommit(false);
                    statement.executeUpdate(
                            "UPDATE item SET v = " + value + " WHERE v < " + value); // keys are asked for
                    connection.commit();
                });
                hold.awaitHit(PATIENCE);
                taken = begin(() -> how.from(connection, statement));
                if (how == Taking.CLOSE) {
                    taken.get(PATIENCE.toSeconds(), TimeUnit.SECONDS); // nobody waits for a call that is under way
                }
            }
            boolean committed = told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            taken.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            connection.close();
            Eventually.eventually().until("it is given back", () -> stage.busy() == 0);
            Eventually.eventually().until("the server has noticed", () -> stage.transactions(Side.SOURCE) == 0);
            boolean stored = stage.ask(Side.SOURCE, "SELECT COUNT(*) FROM item WHERE v = " + value)
                    .equals("2");
            if (committed) {
                assertThat(stored).as("told committed").isTrue();
            }
            if (how == Taking.CLOSE) { // the call under way has its transaction to its end, and no other follows
                assertThat(committed).isEqualTo(at != FailPoint.UPDATE_ROWS);
            }
            assertThat(!stored || stage.captured(Side.SOURCE).size() == 2)
                    .as("captured if stored: %s", stage.captured(Side.SOURCE))
                    .isTrue();
        }
    }
}
