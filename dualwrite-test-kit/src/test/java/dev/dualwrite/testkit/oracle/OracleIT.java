package dev.dualwrite.testkit.oracle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.key.Key;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the oracle says no to. */
class OracleIT {
    private static final String NUMBERED = "CREATE TABLE numbered (id BIGINT PRIMARY KEY, v INT)";
    private static final String NAMED =
            "CREATE TABLE named (a BINARY(2), b VARCHAR(20) COLLATE utf8mb4_general_ci, v INT, PRIMARY KEY (a, b))";

    private final OperationLog log = new OperationLog();
    private Schema source;
    private Schema target;

    @BeforeEach
    void open() throws Exception {
        source = schema(TwoServers.get().source().isolatedSchema("src"), "SOURCE", "OPEN");
        target = schema(TwoServers.get().target().isolatedSchema("dst"), "TARGET", "CLOSED");
    }

    private static Schema schema(Schema schema, String side, String state) throws Exception {
        try (InputStream in =
                Objects.requireNonNull(Key.class.getResourceAsStream("/dev/dualwrite/jdbc/control-tables.sql"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            for (String statement : text.split(";", -1)) {
                if (!statement.isBlank()) {
                    schema.execute(statement);
                }
            }
        }
        schema.execute(
                NUMBERED,
                NAMED,
                "INSERT INTO numbered VALUES (1, 1), (13, 1), (14, 1)",
                "INSERT INTO named VALUES ('ab', 'Ann', 1), ('ab', 'Bob', 1)",
                "INSERT INTO dualwrite_fence (migration, side, state, phase, epoch, attempt, server_uuid) VALUES ('m', '"
                        + side + "', '" + state + "', 'DUAL_WRITE', 1, UUID(), '')");
        return schema;
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    private Oracle oracle() {
        return new Oracle(source::connect, target::connect, "m", List.of("numbered", "named"), log);
    }

    private void park(String table, Key key, int unit) throws SQLException {
        try (Connection connection = source.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO dualwrite_parked VALUES ('m', 'SOURCE', ?, ?, ?, 1406, '22001', 'too long', 1,"
                                + " UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))")) {
            byte[] id = new byte[16];
            id[0] = (byte) unit;
            insert.setBytes(1, id);
            insert.setString(2, table);
            insert.setBytes(3, key.encode());
            insert.executeUpdate();
        }
    }

    @Test
    void equalSidesWithNothingLeftAreWell() throws Exception {
        oracle().assertHolds();
    }

    @Test
    void theRowsOfParkedKeysAreLeftOutAndNoOther() throws Exception {
        park("numbered", Key.of(13), 1);
        park("named", Key.of("6162", "ann"), 2); // equal for the column's collation
        target.execute("UPDATE numbered SET v = 99 WHERE id = 13", "DELETE FROM named WHERE b = 'Ann'");
        oracle().expectParked(2).assertHolds();
        assertThatThrownBy(() -> oracle().expectParked(1).assertHolds())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("2 units are parked, expected 1");
        target.execute("UPDATE numbered SET v = 77 WHERE id = 14", "DELETE FROM named WHERE b = 'Bob'");
        assertThatThrownBy(() -> oracle().expectParked(2).assertHolds())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("id=14")
                .hasMessageContaining("named: only on the source")
                .message()
                .doesNotContain("id=13", "416E6E", "Ann");
    }

    @Requirement({214, 228, 315})
    @Test
    void aRowTooManyARowLostAndAWordNotKeptAreToldTogether() throws Exception {
        target.execute("INSERT INTO numbered VALUES (2, 2)", "DELETE FROM numbered WHERE id = 1");
        log.present("numbered", "id", 5);
        log.absent("numbered", "id", 14);
        assertThatThrownBy(() -> oracle().assertHolds())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("only on the target: id=2")
                .hasMessageContaining("only on the source: id=1 ")
                .hasMessageContaining("LOST: numbered id=5")
                .hasMessageContaining("GHOST: numbered id=14");
    }

    @Test
    void twoOpenSidesAreNeverWell() throws Exception {
        target.execute("UPDATE dualwrite_fence SET state = 'OPEN'");
        assertThatThrownBy(() -> oracle().within(Duration.ofSeconds(1)).assertHolds())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not exactly one side is OPEN");
    }
}
