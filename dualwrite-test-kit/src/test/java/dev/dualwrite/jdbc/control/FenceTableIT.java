package dev.dualwrite.jdbc.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.schema.Dialect;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every change of the fence row compares state, epoch <em>and</em> attempt. One row in one table, with nothing that
 * converges: there is no second side, so the oracle has nothing to compare. {@code PlantedBugsIT} runs this with the
 * comparison reduced to the epoch, and it has to fail there.
 */
class FenceTableIT {
    private static final String MINE = "11111111-1111-1111-1111-111111111111";
    private static final String OTHERS = "22222222-2222-2222-2222-222222222222";
    private static final long EPOCH = 7;

    /** What is done to the row that was seen, and the state that it needs. */
    private enum Step {
        FREEZE(FenceState.OPEN) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.freeze(connection, seen, OTHERS, Duration.ofSeconds(1));
            }
        },
        REOPEN(FenceState.FROZEN) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.reopen(connection, seen, OTHERS);
            }
        },
        REOPEN_IF_OVERDUE(FenceState.FROZEN) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.reopenIfOverdue(connection, seen, OTHERS);
            }
        },
        HAND_OVER(FenceState.FROZEN) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.handOver(connection, seen);
            }
        },
        OPEN(FenceState.CLOSED) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.open(connection, seen, seen, Phase.REVERSE_WINDOW, EPOCH + 2);
            }
        },
        CLOSE(FenceState.HANDED_OVER) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.close(connection, seen);
            }
        },
        CHANGE_PHASE(FenceState.OPEN) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.changePhase(connection, seen, Phase.SOURCE_ONLY, OTHERS);
            }
        },
        MARK(FenceState.OPEN) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.mark(connection, seen, true);
            }
        },
        BACKFILL(FenceState.CLOSED) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.backfill(connection, seen, 3);
            }
        },
        ADOPT(FenceState.CLOSED) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.adopt(connection, seen);
            }
        },
        ADOPT_OWNER(FenceState.OPEN) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.adoptOwner(connection, seen, EPOCH + 2, OTHERS);
            }
        },
        DEMOTE(FenceState.OPEN) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.demote(connection, seen, EPOCH + 2);
            }
        },
        MIRROR(FenceState.CLOSED) {
            @Override
            boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException {
                return fence.mirror(connection, seen, EPOCH + 2);
            }
        };

        private final FenceState needs;

        Step(FenceState needs) {
            this.needs = needs;
        }

        abstract boolean on(FenceTable fence, Connection connection, FenceRow seen) throws SQLException;
    }

    private Schema schema;
    private Connection connection;
    private FenceTable fence;

    @BeforeEach
    void open() throws Exception {
        Server server = TwoServers.get().source();
        schema = server.isolatedSchema("fence");
        try (InputStream in = Objects.requireNonNull(
                FenceTable.class.getResourceAsStream("/dev/dualwrite/jdbc/control-tables.sql"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            for (String statement : text.split(";", -1)) {
                if (!statement.isBlank()) {
                    schema.execute(statement);
                }
            }
        }
        connection = schema.connect();
        fence = new FenceTable(
                new ControlNames("fence", Side.SOURCE, schema.name(), "dualwrite_"),
                server.kind() == ServerKind.MARIADB ? Dialect.MARIADB : Dialect.MYSQL);
        fence.create(connection, FenceState.OPEN, Phase.DUAL_WRITE, EPOCH, MINE);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        schema.close();
    }

    private void put(FenceState state, long epoch, String attempt) throws SQLException {
        schema.execute("UPDATE dualwrite_fence SET phase = 'DUAL_WRITE', capture_epoch = 0, marking = 0, backfill = 0,"
                + " budget_micros = 1, frozen_at = UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE, server_uuid = 'another', state = '"
                + state + "', epoch = " + epoch + ", attempt = '" + attempt + "'");
    }

    private String row() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM dualwrite_fence")) {
            row.next();
            StringBuilder text = new StringBuilder();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                text.append(row.getString(i)).append('|');
            }
            return text.toString();
        }
    }

    /** Two attempts can meet on one epoch number, and a side can be in another state on it. */
    @Test
    void whatWasSeenMustStillBeTrueInStateEpochAndAttempt() throws Exception {
        for (Step step : Step.values()) {
            put(step.needs, EPOCH, MINE);
            FenceRow seen = fence.read(connection).orElseThrow();
            for (FenceState state : FenceState.values()) {
                if (state != step.needs) {
                    overtaken(step, seen, state, EPOCH, MINE);
                }
            }
            overtaken(step, seen, step.needs, EPOCH, OTHERS);
            overtaken(step, seen, step.needs, EPOCH + 1, MINE);
            overtaken(step, seen, step.needs, EPOCH - 1, MINE);
            put(step.needs, EPOCH, MINE);
            assertThat(step.on(fence, connection, seen))
                    .as("%s of the row that was seen", step)
                    .isTrue();
        }
    }

    /** A writer that only asks whether the row is as it was admitted must hear of anything that is not. */
    @Test
    void aRowThatIsNotAsItWasSeenIsReadAnew() throws Exception {
        schema.execute("UPDATE dualwrite_fence SET frozen_at = NULL");
        FenceRow seen = fence.read(connection).orElseThrow();
        assertThat(fence.readShared(connection, Optional.of(seen)).orElseThrow())
                .as("the row as it was")
                .isSameAs(seen);
        for (String change : List.of(
                "state = 'FROZEN'",
                "state = 'CLOSED'",
                "phase = 'SOURCE_ONLY'",
                "epoch = epoch + 1",
                "attempt = '" + OTHERS + "'",
                "capture_epoch = capture_epoch + 1",
                "marking = 1 - marking",
                "backfill = backfill + 1",
                "budget_micros = budget_micros + 1",
                "server_uuid = 'another'")) {
            FenceRow before = fence.read(connection).orElseThrow();
            schema.execute("UPDATE dualwrite_fence SET " + change);
            FenceRow now = fence.read(connection).orElseThrow();
            assertThat(fence.readShared(connection, Optional.of(before)))
                    .as(change)
                    .contains(now);
            assertThat(fence.readSharedNoWait(connection, Optional.of(before)))
                    .as(change)
                    .contains(now);
            schema.execute("UPDATE dualwrite_fence SET state = 'OPEN'");
        }
        FenceRow elsewhere = new FenceRow(
                seen.side(),
                seen.state(),
                seen.phase(),
                seen.epoch(),
                seen.attempt(),
                seen.captureEpoch(),
                seen.marking(),
                seen.backfill(),
                seen.frozenFor(),
                seen.budget(),
                seen.serverUuid(),
                seen.actualUuid().toUpperCase(Locale.ROOT));
        assertThat(fence.readShared(connection, Optional.of(elsewhere))
                        .orElseThrow()
                        .actualUuid())
                .isEqualTo(seen.actualUuid());
    }

    @Test
    void whoIsToldThatTheRowIsAsItWasHoldsIt() throws Exception {
        schema.execute("UPDATE dualwrite_fence SET frozen_at = NULL");
        FenceRow seen = fence.read(connection).orElseThrow();
        connection.setAutoCommit(false);
        assertThat(fence.readShared(connection, Optional.of(seen)).orElseThrow())
                .isSameAs(seen);
        try (Connection other = schema.connect();
                Statement statement = other.createStatement()) {
            statement.execute("SET innodb_lock_wait_timeout = 1");
            assertThatThrownBy(() -> fence.freeze(other, seen, OTHERS, Duration.ofSeconds(1)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("Lock wait timeout");
            connection.rollback();
            assertThat(fence.freeze(other, seen, OTHERS, Duration.ofSeconds(1))).isTrue();
        }
    }

    private void overtaken(Step step, FenceRow seen, FenceState state, long epoch, String attempt) throws SQLException {
        put(state, epoch, attempt);
        String before = row();
        boolean changed = step.on(fence, connection, seen);
        String what = step + " of a row that is " + state + " at epoch " + epoch
                + (attempt.equals(MINE) ? "" : " of another attempt");
        assertThat(changed).as(what).isFalse();
        assertThat(row()).as(what).isEqualTo(before);
    }
}
