package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.ServerKind;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The target, or the source, is not the database that it should be: refused when an instance starts, or by the gate. */
@Scenario(82)
class WrongTargetIT {
    private static void refused(Rig rig, String code, UnaryOperator<DualWriteBuilder> configure, String... says) {
        assertThatThrownBy(() -> rig.node("refused", configure).start())
                .isInstanceOfSatisfying(
                        DualWriteException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(says);
    }

    private static void replicates(Rig rig, Side side, boolean on) throws SQLException {
        boolean maria = rig.server(side).kind() == ServerKind.MARIADB;
        if (on) {
            rig.server(side)
                    .execute(
                            maria
                                    ? "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 9, MASTER_USER = 'nobody'"
                                    : "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 9,"
                                            + " SOURCE_USER = 'nobody'",
                            maria ? "START SLAVE" : "START REPLICA");
        } else {
            rig.server(side)
                    .execute(maria ? "STOP SLAVE" : "STOP REPLICA", maria ? "RESET SLAVE ALL" : "RESET REPLICA ALL");
        }
    }

    private static void closedBy(Node node, Phase phase, String check, String says) {
        Eventually.eventually()
                .untilAsserted(() -> assertThat(node.dualWrite().gate(phase).failed())
                        .singleElement()
                        .satisfies(one -> {
                            assertThat(one.name()).isEqualTo(check);
                            assertThat(one.detail()).contains(says);
                        }));
    }

    @Test
    void theSameSchemaIsRefused() throws Exception {
        try (Rig rig = Rig.shared();
                HikariDataSource source = rig.pool(Side.SOURCE, "same", 4)) {
            refused(
                    rig,
                    "DW-1009",
                    b -> b.target(source),
                    "the same schema",
                    rig.schema(Side.SOURCE).name());
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_fence"))
                    .isEqualTo("0");
        }
    }

    @Test
    void anEmptySchemaIsRefusedAndNothingBegins() throws Exception {
        try (Rig rig = Rig.shared();
                Schema empty = rig.server(Side.TARGET).isolatedSchema("empty")) {
            UnaryOperator<DualWriteBuilder> wrong = b -> b.targetAccess(empty.jdbcUrl(), null, null);
            refused(rig, "DW-1003", wrong, "TARGET", "account does not exist in schema " + empty.name());
            refused(
                    rig,
                    "DW-1003",
                    b -> wrong.apply(b).allTables(),
                    "TARGET",
                    "schema " + empty.name() + " has no table that could move");
            assertThat(rig.ask(Side.SOURCE, "SELECT COUNT(*) FROM dualwrite_fence"))
                    .isEqualTo("0");
            empty.execute(Rig.ACCOUNT);
            refused(rig, "DW-1003", wrong, "TARGET", "entry does not exist in schema " + empty.name());
            rig.node("right").start().close();
            empty.execute(Rig.ENTRY);
            refused(rig, "DW-1010", wrong, "only [SOURCE] has a fence row");
        }
    }

    @Test
    void aTableThatSomebodyHasEmptiedClosesTheGate() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            Rig.readyToFlip(node.dualWrite());
            assertThat(node.dualWrite().gate(Phase.REVERSE_WINDOW).open()).isTrue();
            rig.schema(Side.TARGET).execute("TRUNCATE TABLE account");
            closedBy(node, Phase.REVERSE_WINDOW, "next-owner-filled", "TARGET has no row of account, and SOURCE has");
            assertThat(node.dualWrite().verify().equal()).isFalse();
            assertThat(node.dualWrite().repair()).isOne();
            Eventually.eventually()
                    .until(() -> node.dualWrite().verify().equal(), () -> "the repaired row is not equal");
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.log().present("account", "id", 1);
            rig.finish();
        }
    }

    @Test
    void tablesOfAnotherMigrationAreRefusedAtTheStartAndByTheGate() throws Exception {
        try (Rig rig = Rig.shared();
                Schema elsewhere = rig.server(Side.SOURCE).isolatedSchema("elsewhere")) {
            elsewhere.execute(Rig.ENTRY);
            tablesOfAnotherMigration(rig, elsewhere);
            rig.finish(rig.oracle().withoutFollower());
        }
    }

    private static void tablesOfAnotherMigration(Rig rig, Schema elsewhere) throws Exception {
        try (HikariDataSource source = rig.pool(Side.SOURCE, "second", 8);
                HikariDataSource target = rig.pool(Side.TARGET, "second", 8)) {
            DualWriteBuilder second = DualWrite.named(
                            "another-of-" + rig.schema(Side.SOURCE).name())
                    .source(source)
                    .target(target)
                    .tables("entry")
                    .instance("another");
            Node node = rig.node("one", b -> b.sealing(false)).start();
            Rig.readyToFlip(node.dualWrite());
            taken(
                    second,
                    "tables of SOURCE are moved already: entry by the migration '" + rig.migration()
                            + "', which is in DUAL_WRITE");
            second.sourceAccess(elsewhere.jdbcUrl(), null, null);
            taken(
                    second,
                    "tables of TARGET are moved already: entry by the migration '" + rig.migration()
                            + "', which was copied to it, and of which one runs");
            node.close();
            second.sourceAccess(rig.schema(Side.SOURCE).jdbcUrl(), null, null);
            taken(second, "entry by the migration '" + rig.migration() + "', which is in DUAL_WRITE");

            Node again = rig.node("two", b -> b.sealing(false)).start();
            rig.schema(Side.TARGET)
                    .execute(
                            "INSERT INTO dualwrite_moved VALUES ('planted', 'SOURCE', 'entry')",
                            "INSERT INTO dualwrite_fence SELECT 'planted', slice, 'SOURCE', 'OPEN', 'DUAL_WRITE', epoch, attempt,"
                                    + " capture_epoch, marking, backfill, frozen_at, budget_micros, server_uuid"
                                    + " FROM dualwrite_fence");
            closedBy(
                    again,
                    Phase.REVERSE_WINDOW,
                    "no-other-migration",
                    "tables of TARGET are moved already: entry by the migration 'planted', which is in DUAL_WRITE");
            rig.schema(Side.TARGET).execute("DELETE FROM dualwrite_fence WHERE migration = 'planted'");
            Rig.flipInSomeTries(again.dualWrite()::flip);
            Rig.enter(again.dualWrite(), Phase.TARGET_ONLY);
            again.close();
            try (DualWrite next = second.build()) {
                Eventually.eventually()
                        .until(
                                "a migration that is over holds nothing",
                                () -> next.gate(Phase.DUAL_WRITE).open());
            }
        }
    }

    private static void taken(DualWriteBuilder builder, String says) {
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        DualWriteException.class, e -> assertThat(e.code()).isEqualTo("DW-1015"))
                .hasMessageContaining(says);
    }

    @Test
    void aReplicaIsNeitherOwnerNorFollower() throws Exception {
        try (Rig rig = Rig.ofItsOwn()) {
            replicates(rig, Side.SOURCE, true);
            refused(rig, "DW-1007", b -> b, "SOURCE cannot own", "replica");
            replicates(rig, Side.SOURCE, false);
            replicates(rig, Side.TARGET, true);
            Node node = rig.node("one").start();
            closedBy(node, Phase.DUAL_WRITE, "next-owner-writable", "TARGET cannot own: it is a replica");
            assertThat(node.dualWrite().enter(Phase.DUAL_WRITE)).isNotInstanceOf(PhaseOutcome.Entered.class);
            replicates(rig, Side.TARGET, false);
            Rig.readyToFlip(node.dualWrite());
            replicates(rig, Side.TARGET, true);
            closedBy(node, Phase.REVERSE_WINDOW, "next-owner-writable", "TARGET cannot own: it is a replica");
            replicates(rig, Side.TARGET, false);
            rig.server(Side.TARGET).execute("SET GLOBAL read_only = 1");
            closedBy(node, Phase.REVERSE_WINDOW, "next-owner-writable", "TARGET cannot own: it is read_only");
            rig.server(Side.TARGET).execute("SET GLOBAL read_only = 0");
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            rig.log().present("account", "id", 1);
            Rig.flipInSomeTries(node.dualWrite()::flip);
            rig.finish();
        }
    }
}
