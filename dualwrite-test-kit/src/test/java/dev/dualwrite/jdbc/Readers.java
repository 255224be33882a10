package dev.dualwrite.jdbc;

import static dev.dualwrite.testkit.fault.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.Reader;
import dev.dualwrite.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Instances in TARGET_READ, and whoever reads through them. */
final class Readers {
    static final String FIRST = "SELECT owner FROM account WHERE id = 1";

    private final AtomicReference<Reader> who = new AtomicReference<>(Reader.of("anna"));

    /** A migration in TARGET_READ, with a row on both sides. */
    Node reading(Rig rig, UnaryOperator<DualWriteBuilder> configure) throws SQLException {
        Node node = rig.node("one", b -> configure.apply(known(b))).start();
        Rig.readyToFlip(node.dualWrite());
        node.write("INSERT INTO account VALUES (1, 'first', 0, NULL)");
        eventually().until("nothing is queued", () -> rig.queued(Side.SOURCE) == 0);
        Rig.enter(node.dualWrite(), Phase.SHADOW_READ);
        eventually().until("it was compared", () -> {
            assertThat(answers(node, FIRST)).isEqualTo(Side.SOURCE);
            return node.dualWrite().gate(Phase.TARGET_READ).open();
        });
        Rig.enter(node.dualWrite(), Phase.TARGET_READ);
        awaitPhase(node, Phase.TARGET_READ);
        return node;
    }

    AtomicReference<Reader> who() {
        return who;
    }

    DualWriteBuilder known(DualWriteBuilder builder) {
        return builder.reader(who::get).readComparison(ReadComparison.standard().withMinimum(1));
    }

    static void awaitPhase(Node node, Phase phase) {
        eventually()
                .until(
                        node.name() + " is in " + phase,
                        () -> node.dualWrite().ownership().phase() == phase);
    }

    /** Where a query in a transaction that is declared to do nothing but read is answered. */
    static Side answers(Node node, String query) throws SQLException {
        try (Connection connection = node.dataSource().getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            return answers(connection, query);
        }
    }

    static Side answers(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            assertThat(row.next()).isTrue();
            return connection.unwrap(DualWriteConnection.class).side().orElseThrow();
        }
    }

    static void awaitAnswers(Node node, Side side) {
        eventually().until("reads are answered by " + side, () -> answers(node, FIRST) == side);
    }

    static double figure(Node node, String name) {
        return node.dualWrite().metrics().getOrDefault(name, -1.0);
    }

    /** Whether an instance has looked at the queue since. */
    static final class Looks {
        private final Node node;
        private final double before;

        Looks(Node node) {
            this.node = node;
            this.before = figure(node, "reads.looks");
        }

        boolean more() {
            return figure(node, "reads.looks") >= before + 2;
        }
    }

    /** The rounds that were under way when the switch was pulled are over. */
    static void awaitNoRound(Rig rig, Node node, String table) throws SQLException {
        node.write("INSERT INTO " + table + " (account, amount) VALUES (9, 1)");
        long before = rig.queued(Side.SOURCE);
        while (before == 0) {
            node.write("INSERT INTO " + table + " (account, amount) VALUES (9, 1)");
            before = rig.queued(Side.SOURCE);
        }
    }
}
