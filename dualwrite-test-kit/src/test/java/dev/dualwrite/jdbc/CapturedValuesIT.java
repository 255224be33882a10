package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Bypass;
import dev.dualwrite.testkit.fault.Eventually;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was written, and to which rows: the follower gets the owner's rows, whatever the statement was. */
class CapturedValuesIT {

    @Scenario(21)
    @Test
    @DisplayName("UUID, NOW, RAND, defaults, ON UPDATE and generated columns: the follower holds the owner's values")
    void valuesThatTheServerMakesAreTheOwners() throws Exception {
        try (Rig rig = Rig.shared("""
                CREATE TABLE made (
                  id BIGINT AUTO_INCREMENT PRIMARY KEY,
                  token CHAR(36) NULL,
                  dice DOUBLE NULL,
                  at DATETIME(6) NULL,
                  created TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
                  touched TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
                  state VARCHAR(10) NOT NULL DEFAULT 'fresh',
                  number INT NULL,
                  doubled INT GENERATED ALWAYS AS (number * 2) STORED
                ) ENGINE=InnoDB""")) {
            Node node = rig.node("one").start();
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            for (int i = 0; i < 10; i++) {
                node.write("INSERT INTO made (token, dice, at, number) VALUES (UUID(), RAND(), NOW(6), " + i + ")");
            }
            node.transaction(
                    "INSERT INTO made () VALUES ()",
                    "INSERT INTO made (token) VALUES (UUID()), (UUID()), (LEFT(UUID(), 8))",
                    "UPDATE made SET dice = RAND() * 1e300, number = number + 1 WHERE number < 5",
                    "UPDATE made SET token = UUID(), at = SYSDATE(6) WHERE id IN (6, 7, 8)",
                    "UPDATE made SET state = DEFAULT, touched = DEFAULT WHERE state = 'fresh' AND id > 9");
            rig.log().claim("rows", "SELECT COUNT(*) FROM made", 14);
            rig.log().claim("generated", "SELECT doubled FROM made WHERE id = 3", 6);
            rig.finish();
        }
    }

    @Scenario(22)
    @Test
    @DisplayName(
            "ranges, subqueries and conditions change the same rows on a follower that stores them in another order")
    void conditionsChangeTheSameRowsOnBothSides() throws Exception {
        try (Rig rig = Rig.shared(Rig.ACCOUNT, Rig.ENTRY)) {
            try (Bypass target = Bypass.of(rig.schema(Side.TARGET).jdbcUrl())) {
                target.write("ALTER TABLE account ADD INDEX by_balance (balance DESC), ADD INDEX by_owner (owner)");
                target.write("INSERT INTO account (id, owner, balance) VALUES "
                        + IntStream.iterate(60, i -> i > 0, i -> i - 1)
                                .mapToObj(i -> "(" + i + ", 'other', -1)")
                                .collect(Collectors.joining(", ")));
            }
            Node node = rig.node("one").start();
            for (int i = 1; i <= 60; i++) {
                node.write("INSERT INTO account VALUES (" + i + ", 'o" + i % 7 + "', " + i * 37 % 61 + ", NULL)");
            }
            Rig.readyToFlip(node.dualWrite());
            node.write("UPDATE account SET balance = balance * 2 WHERE balance BETWEEN 10 AND 20");
            node.write("UPDATE account SET owner = CONCAT(owner, '!') WHERE owner LIKE 'o3%' OR balance > 100");
            node.write("DELETE FROM account WHERE balance < 5 AND owner <> 'o1'");
            node.transaction(
                    "INSERT INTO entry (account, amount) VALUES (1, 5), (2, 6), (3, 7)",
                    "UPDATE account SET balance = 0 WHERE id IN (SELECT account FROM entry WHERE amount > 5)",
                    "UPDATE account SET id = id + 1000 WHERE id > 50",
                    "DELETE FROM entry WHERE account = 1");
            for (String refused : new String[] {
                "UPDATE account SET balance = 1 LIMIT 3",
                "UPDATE account SET balance = 1 ORDER BY balance LIMIT 3",
                "DELETE FROM account ORDER BY balance LIMIT 3",
                "DELETE FROM account WHERE balance > 3 LIMIT 1",
                "UPDATE account a JOIN entry e ON e.account = a.id SET a.balance = e.amount",
                "DELETE a FROM account a JOIN entry e ON e.account = a.id",
                "UPDATE account SET balance = 1 WHERE RAND() < 0.5",
                "UPDATE account SET id = id + FLOOR(RAND() * 1000) WHERE id = 1"
            }) {
                assertThatThrownBy(() -> node.write(refused))
                        .as(refused)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageStartingWith("DW-20");
            }
            rig.log().claim("moved", "SELECT COUNT(*) FROM account WHERE id > 1000", 10);
            Eventually.eventually().until("drained", () -> rig.queued(Side.SOURCE) == 0);
            assertThat(node.dualWrite().parked(1)).isEmpty();
            Rig.verify(node.dualWrite());
            rig.finish();
        }
    }
}
