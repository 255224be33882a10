package dev.dualwrite.testkit.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What went wrong with a row is told by its name. Nothing converges here: the damage is planted, and judged by the words
 * of the log.
 */
class TrailsIT {
    private final OperationLog log = new OperationLog();
    private final ClientLog ann = log.client("ann");
    private Schema owner;
    private Schema follower;

    @BeforeEach
    void open() throws Exception {
        owner = TwoServers.get().source().isolatedSchema("owner");
        follower = TwoServers.get().target().isolatedSchema("follower");
        for (Schema schema : List.of(owner, follower)) {
            schema.execute(
                    "CREATE TABLE t (id INT PRIMARY KEY, trail VARCHAR(100))",
                    "CREATE TABLE c (id INT PRIMARY KEY, n INT)",
                    "INSERT INTO t VALUES (1, 'a;b;c;')",
                    "INSERT INTO c VALUES (1, 2)");
        }
        log.trail("t", "CAST(id AS CHAR)", "trail");
        ann.told(List.of(Write.put("t", "1", "a;"), Write.append("t", "1", "b;")), Answer.COMMITTED);
        ann.told(List.of(Write.append("t", "1", "x;")), Answer.ROLLED_BACK);
        ann.told(List.of(Write.append("t", "1", "c;")), Answer.COMMITTED);
    }

    @AfterEach
    void close() {
        owner.close();
        follower.close();
    }

    private List<String> broken() throws SQLException {
        try (Connection o = owner.connect();
                Connection f = follower.connect()) {
            return log.broken(o, f, 10);
        }
    }

    private static void is(Schema schema, String trail) throws SQLException {
        schema.execute("UPDATE t SET trail = '" + trail + "' WHERE id = 1");
    }

    private void both(String trail) throws SQLException {
        is(owner, trail);
        is(follower, trail);
    }

    @Test
    void whatWasToldAndIsThereIsWell() throws Exception {
        assertThat(broken()).isEmpty();
    }

    @Test
    void anAcknowledgedChangeThatNeitherSideHasIsLost() throws Exception {
        both("a;b;");
        assertThat(broken()).singleElement().asString().startsWith("LOST: on the owner t key=1 is a;b;, not a;b;c;");
        both("a;c;");
        assertThat(broken()).singleElement().asString().startsWith("LOST: on the owner");
    }

    @Test
    void anAcknowledgedRowThatIsGoneIsLostAndADeletedOneThatIsThereIsAlso() throws Exception {
        owner.execute("DELETE FROM t");
        follower.execute("DELETE FROM t");
        assertThat(broken()).singleElement().asString().startsWith("LOST: on the owner t key=1 is null");
        owner.execute("INSERT INTO t VALUES (1, 'a;b;c;')");
        follower.execute("INSERT INTO t VALUES (1, 'a;b;c;')");
        ann.told(List.of(Write.delete("t", "1")), Answer.COMMITTED);
        assertThat(broken()).singleElement().asString().startsWith("LOST: on the owner t key=1 is a;b;c;, not null");
    }

    @Test
    void aRowThatIsAsItWasBeforeAChangeThatTheOtherSideHasIsStale() throws Exception {
        is(owner, "a;b;");
        assertThat(broken()).singleElement().asString().startsWith("STALE: on the owner t key=1 is a;b;");
        is(owner, "a;b;c;");
        is(follower, "a;b;");
        assertThat(broken()).singleElement().asString().startsWith("STALE: on the follower t key=1 is a;b;");
        follower.execute("DELETE FROM t");
        assertThat(broken()).singleElement().asString().startsWith("STALE: on the follower t key=1 is null");
    }

    @Test
    void aChangeThatIsThereTwiceIsDoubled() throws Exception {
        both("a;b;c;c;");
        assertThat(broken()).singleElement().asString().startsWith("DOUBLED: on the owner");
    }

    @Test
    void changesOfOneClientInAnotherOrderAreReordered() throws Exception {
        both("a;c;b;");
        assertThat(broken()).singleElement().asString().startsWith("REORDERED: on the owner");
    }

    @Test
    void aChangeThatWasToldNotToBeStoredAndARowThatNobodyWasToldOfAreGhosts() throws Exception {
        both("a;b;x;c;");
        assertThat(broken()).singleElement().asString().startsWith("GHOST: on the owner");
        both("a;b;c;");
        owner.execute("INSERT INTO t VALUES (2, 'z;')");
        assertThat(broken()).singleElement().asString().startsWith("GHOST: on the owner t key=2 is z;");
        ann.mayBeThere("t", "z;");
        assertThat(broken()).isEmpty();
    }

    @Test
    void aTransactionWithAnUnknownAnswerIsThereWholeOrNotAtAll() throws Exception {
        both("a;b;c;");
        ann.told(List.of(Write.append("t", "1", "d;"), Write.put("t", "2", "e;")), Answer.UNKNOWN);
        assertThat(broken()).isEmpty();
        both("a;b;c;d;");
        assertThat(broken()).singleElement().asString().startsWith("TORN: t key=2");
        owner.execute("INSERT INTO t VALUES (2, 'e;')");
        follower.execute("INSERT INTO t VALUES (2, 'e;')");
        assertThat(broken()).isEmpty();
        assertThatThrownBy(() -> ann.told(List.of(Write.delete("t", "2")), Answer.COMMITTED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("leave it alone");
    }

    @Test
    void aKeyHasOneClient() {
        assertThatThrownBy(() -> log.client("bob").told(List.of(Write.delete("t", "1")), Answer.COMMITTED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("belongs to ann");
    }

    @Test
    void aCounterThatIsTooLowHasLostAndOneThatIsTooHighHasDoubled() throws Exception {
        Counter counter = log.counter("the counter", "SELECT n FROM c");
        counter.told(Answer.COMMITTED);
        counter.told(Answer.UNKNOWN);
        counter.told(Answer.ROLLED_BACK);
        assertThat(broken()).isEmpty();
        owner.execute("UPDATE c SET n = 3");
        assertThat(broken()).containsExactly("DOUBLED: the counter is 3, and was raised 2 times at the most");
        owner.execute("UPDATE c SET n = 0");
        assertThat(broken()).containsExactly("LOST: the counter is 0, and was raised 1 times, acknowledged");
    }

    @Test
    void whatACallerSawAgainstWhatItWasToldIsHeldAgainstTheOwnerToo() throws Exception {
        log.contradiction("read an older row");
        assertThat(broken()).containsExactly("read an older row");
    }
}
