package dev.dualwrite.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {

    private static Statement query(String sql) {
        return new Statement(1, Command.QUERY, sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "commit",
                "COMMIT",
                " Commit ;",
                "/* from a pool */ commit",
                "-- a note\ncommit",
                "# a note\n/* and another */\nCOMMIT WORK",
                "COMMIT AND CHAIN"
            })
    void isACommit(String sql) {
        assertThat(Statement.isCommit()).accepts(query(sql));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "XA COMMIT 'x'", "committed", "SELECT 'COMMIT'", "ROLLBACK", "/* commit */ ROLLBACK"})
    void isNoCommit(String sql) {
        assertThat(Statement.isCommit()).rejects(query(sql));
    }

    @Test
    void isNoCommitUnlessItIsRun() {
        assertThat(Statement.isCommit()).rejects(new Statement(1, Command.PREPARE, "COMMIT"));
    }

    @Test
    void aPrefixIsLookedForAfterComments() {
        assertThat(Statement.startsWith("insert into t")).accepts(query("/* c */INSERT INTO t VALUES (1)"));
        assertThat(Statement.startsWith("INSERT")).rejects(query("SELECT 'INSERT'"));
        assertThat(Statement.contains("shop.T")).accepts(query("select 1 from Shop.t"));
    }
}
