package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.GateReport;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import java.sql.SQLException;

/** What the tests of restored and replaced servers do and ask. */
final class Restored {
    private Restored() {}

    /** Writes an account, which lasts or is lost with the server. */
    static void account(Rig rig, Node node, long id, boolean lasts) throws SQLException {
        node.write("INSERT INTO account VALUES (" + id + ", 'someone', 10, NULL)");
        if (lasts) {
            rig.log().present("account", "id", id);
        } else {
            rig.log().absent("account", "id", id);
        }
    }

    static void drained(Rig rig, Side side) {
        Eventually.eventually().until("converged", () -> rig.queued(side) == 0);
    }

    static void refusedFor(Node node, String reason) {
        assertThatThrownBy(() -> node.write("INSERT INTO account VALUES (99, 'refused', 0, NULL)"))
                .isInstanceOfSatisfying(SQLException.class, e -> {
                    assertThat(e.getSQLState()).isEqualTo("40001");
                    assertThat(e.getMessage()).contains(reason);
                });
    }

    static String says(Node node, Side side) {
        return String.valueOf(node.dualWrite().status().sides().get(side));
    }

    static void trouble(Node node, Side side, String says) {
        Eventually.eventually()
                .untilAsserted(() ->
                        assertThat(node.dualWrite().status().sides().get(side)).contains(says));
    }

    /** Nothing but the verification is missing. */
    static void unverified(Node node, Phase to) {
        Eventually.eventually()
                .untilAsserted(() -> assertThat(node.dualWrite().gate(to).failed())
                        .extracting(GateReport.Check::name)
                        .containsExactly("verified"));
    }

    /** Copies anew what an accepted side lacks. */
    static void mend(Node node) {
        Eventually.eventually()
                .untilAsserted(
                        () -> assertThat(node.dualWrite().backfill().complete()).isTrue());
        node.dualWrite().verify();
        node.dualWrite().repair();
        Eventually.eventually()
                .until("equal again", () -> node.dualWrite().verify().equal());
    }

    /** The other side remembers a pulse that is later than now. */
    static void beaten(Rig rig, Side side) throws SQLException {
        String known =
                "SELECT beats FROM dualwrite_pulse WHERE side = '" + side.other() + "' AND of_side = '" + side + "'";
        Eventually.eventually()
                .until(
                        "heard of on the other side",
                        () -> !rig.ask(side.other(), known).equals("null"));
        long first = Long.parseLong(rig.ask(side.other(), known));
        Eventually.eventually().until("heard of again", () -> Long.parseLong(rig.ask(side.other(), known)) > first + 1);
    }
}
