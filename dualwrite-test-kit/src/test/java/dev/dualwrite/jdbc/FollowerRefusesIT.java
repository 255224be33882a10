package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What does not pass by itself: the unit is parked, named, blocks nothing else, and can be mended. */
@Scenario(17)
class FollowerRefusesIT {

    /** What the target does not take, though it took it when the library started. */
    enum Cause {
        TOO_LONG(
                "ALTER TABLE account MODIFY owner VARCHAR(5) NOT NULL",
                "INSERT INTO account VALUES (2, 'longer than that', 2, 2)",
                "ALTER TABLE account MODIFY owner VARCHAR(40) NOT NULL",
                true,
                1406),
        OUT_OF_RANGE(
                "ALTER TABLE account MODIFY balance DECIMAL(4,2) NOT NULL",
                "INSERT INTO account VALUES (2, 'two', 12345.67, 2)",
                "ALTER TABLE account MODIFY balance DECIMAL(12,2) NOT NULL",
                true,
                1264),
        NOT_IN_THE_CHARACTER_SET(
                "ALTER TABLE account MODIFY owner VARCHAR(40) CHARACTER SET latin1 NOT NULL",
                "INSERT INTO account VALUES (2, '\u65e5\u672c', 2, 2)",
                "ALTER TABLE account MODIFY owner VARCHAR(40) CHARACTER SET utf8mb4 NOT NULL",
                true,
                1366),
        NOT_NULL(
                "ALTER TABLE account MODIFY slot INT NOT NULL",
                "INSERT INTO account VALUES (2, 'two', 2, NULL)",
                "ALTER TABLE account MODIFY slot INT NULL",
                true,
                1048),
        CHECK(
                "ALTER TABLE account ADD CONSTRAINT rich CHECK (balance > 0)",
                "INSERT INTO account VALUES (2, 'two', -2, 2)",
                "ALTER TABLE account DROP CONSTRAINT rich",
                true,
                3819,
                4025),
        TRIGGER(
                "CREATE TRIGGER no_more BEFORE INSERT ON account FOR EACH ROW BEGIN IF NEW.id = 2 THEN"
                        + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF; END",
                "INSERT INTO account VALUES (2, 'two', 2, 2)",
                "DROP TRIGGER no_more",
                true,
                1644),
        UNIQUE_ON_THE_TARGET_ONLY(
                "ALTER TABLE account ADD UNIQUE KEY one_owner (owner)",
                "INSERT INTO account VALUES (2, 'one', 2, 2)",
                "ALTER TABLE account DROP INDEX one_owner",
                true,
                1062),
        GENERATED_ON_THE_TARGET(
                "ALTER TABLE account DROP COLUMN balance, ADD COLUMN balance DECIMAL(12,2) AS (1.00) STORED AFTER owner",
                "INSERT INTO account VALUES (2, 'two', 2, 2)",
                "ALTER TABLE account DROP COLUMN balance,"
                        + " ADD COLUMN balance DECIMAL(12,2) NOT NULL DEFAULT 1 AFTER owner",
                false,
                3105,
                1906),
        COLUMN_GONE(
                "ALTER TABLE account DROP COLUMN balance",
                "INSERT INTO account VALUES (2, 'two', 2, 2)",
                "ALTER TABLE account ADD COLUMN balance DECIMAL(12,2) NOT NULL DEFAULT 1 AFTER owner",
                false,
                1054),
        TABLE_GONE(
                "RENAME TABLE account TO account_away",
                "INSERT INTO account VALUES (2, 'two', 2, 2)",
                "RENAME TABLE account_away TO account",
                false,
                1146);

        private final String harm;
        private final String write;
        private final String cure;
        private final boolean othersOfTheTable;
        private final String error;
        private final String elsewhere;

        Cause(String harm, String write, String cure, boolean othersOfTheTable, int error) {
            this(harm, write, cure, othersOfTheTable, error, error);
        }

        /** @param elsewhere the error of the other kind of server */
        Cause(String harm, String write, String cure, boolean othersOfTheTable, int error, int elsewhere) {
            this.harm = harm;
            this.write = write;
            this.cure = cure;
            this.othersOfTheTable = othersOfTheTable;
            this.error = "with error " + error + " (";
            this.elsewhere = "with error " + elsewhere + " (";
        }
    }

    @Scenario(59)
    @ParameterizedTest
    @EnumSource(Cause.class)
    void whatTheTargetWillNotTakeIsParkedByNameBlocksNothingElseAndCanBeMended(Cause cause) throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            DualWrite dualWrite = node.dualWrite();
            node.write("INSERT INTO account VALUES (1, 'one', 1, 1)");
            Rig.readyToFlip(dualWrite);
            Eventually.eventually().until("the queue is drained", () -> rig.queued(Side.SOURCE) == 0);
            rig.schema(Side.TARGET).execute(cause.harm);

            node.transaction(cause.write, "INSERT INTO entry (id, account, amount) VALUES (1, 2, 2)");
            if (cause.othersOfTheTable) {
                node.write("INSERT INTO account VALUES (3, 'tre', 3, 3)");
                rig.log().present("account", "id", 3);
            }
            rig.log().present("account", "id", 2);
            rig.log().present("entry", "id", 1);
            Eventually.eventually().until("the rest converges", () -> rig.queued(Side.SOURCE) == 0);
            assertThat(rig.ask(Side.TARGET, "SELECT COUNT(*) FROM entry")).isEqualTo("1");
            if (cause.othersOfTheTable) {
                assertThat(rig.ask(Side.TARGET, "SELECT GROUP_CONCAT(id ORDER BY id) FROM account"))
                        .isEqualTo("1,3");
            }
            assertThat(dualWrite.parked(10))
                    .singleElement()
                    .asString()
                    .startsWith("account ")
                    .containsAnyOf(cause.error, cause.elsewhere);
            assertThat(dualWrite.status().parked()).isEqualTo(1);
            assertThat(dualWrite.gate(Phase.REVERSE_WINDOW).failed())
                    .extracting(GateReport.Check::name)
                    .contains("nothing-parked");

            assertThat(dualWrite.unpark()).isEqualTo(1);
            Eventually.eventually()
                    .until(
                            "not mended, it is parked again",
                            () -> dualWrite.status().parked() == 1);
            rig.schema(Side.TARGET).execute(cause.cure);
            // none, if a second worker that met the same intent had to wait for the cure: what it converges is not
            // parked
            assertThat(dualWrite.unpark()).isBetween(0, 1);
            rig.finish();
        }
    }

    @Test
    void aForeignKeyOnTheTargetOnlyStopsNothing() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            rig.schema(Side.TARGET)
                    .execute("ALTER TABLE entry ADD CONSTRAINT parent FOREIGN KEY (account) REFERENCES account (id)");
            node.write("INSERT INTO entry (id, account, amount) VALUES (1, 2, 2)");
            Eventually.eventually().until("the child goes first", () -> rig.queued(Side.SOURCE) == 0);
            node.write("INSERT INTO account VALUES (2, 'two', 2, 2)");
            node.write("DELETE FROM account WHERE id = 2");
            node.write("INSERT INTO account VALUES (2, 'again', 2, 2)");
            rig.log().present("entry", "id", 1);
            rig.log().present("account", "id", 2);
            rig.finish();
        }
    }

    @Test
    void aParkedUnitThatIsChangedAgainLeavesByItself() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            rig.schema(Side.TARGET).execute(Cause.TOO_LONG.harm);
            node.write(Cause.TOO_LONG.write);
            Eventually.eventually()
                    .until("it is parked", () -> node.dualWrite().status().parked() == 1);
            node.write("UPDATE account SET owner = 'fits' WHERE id = 2");
            rig.log().present("account", "owner", "fits");
            Eventually.eventually()
                    .until("it is not parked", () -> node.dualWrite().status().parked() == 0);
            assertThat(rig.ask(Side.TARGET, "SELECT owner FROM account WHERE id = 2"))
                    .isEqualTo("fits");
            rig.finish();
        }
    }

    @Scenario(60)
    @Test
    void anotherRowIsNotTouchedByAClash() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            node.write("INSERT INTO account VALUES (1, 'one', 1, 1)");
            Rig.readyToFlip(node.dualWrite());
            rig.schema(Side.TARGET).execute(Cause.UNIQUE_ON_THE_TARGET_ONLY.harm);
            node.write("INSERT INTO account VALUES (2, 'two', 2, 2)");
            Eventually.eventually().until("it is converged", () -> rig.queued(Side.SOURCE) == 0);
            node.write("UPDATE account SET owner = 'one' WHERE id = 2");
            Eventually.eventually()
                    .until("it is parked", () -> node.dualWrite().status().parked() == 1);
            assertThat(rig.ask(Side.TARGET, "SELECT balance FROM account WHERE owner = 'one'"))
                    .isEqualTo("1.00");
            assertThat(rig.ask(Side.TARGET, "SELECT owner FROM account WHERE id = 2"))
                    .isEqualTo("two");
            rig.schema(Side.TARGET).execute(Cause.UNIQUE_ON_THE_TARGET_ONLY.cure);
            assertThat(node.dualWrite().unpark()).isEqualTo(1);
            rig.finish();
        }
    }

    /** Before it was parked like one that the follower refuses, it stopped the whole queue. */
    @Test
    void whatTheOwnerDoesNotAnswerBlocksNothingElse() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node = rig.node("one").start();
            Rig.readyToFlip(node.dualWrite());
            rig.schema(Side.SOURCE).execute("ALTER TABLE entry RENAME COLUMN note TO remark");
            node.write("INSERT INTO entry (id, account, amount) VALUES (1, 1, 5)");
            node.write("INSERT INTO account VALUES (1, 'one', 1, 1)");
            rig.log().present("entry", "id", 1);
            rig.log().present("account", "id", 1);
            Eventually.eventually()
                    .until("it is parked", () -> node.dualWrite().status().parked() == 1);
            Eventually.eventually().until("the other is converged", () -> rig.queued(Side.SOURCE) == 0);
            assertThat(rig.ask(Side.TARGET, "SELECT owner FROM account WHERE id = 1"))
                    .isEqualTo("one");
            rig.schema(Side.SOURCE).execute("ALTER TABLE entry RENAME COLUMN remark TO note");
            assertThat(node.dualWrite().unpark()).isEqualTo(1);
            rig.finish();
        }
    }
}
