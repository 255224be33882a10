package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.jdbc.boundary.Verdict.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;

/**
 * Lets something be done through the boundary, and finds out what became of it: the tables are compared before and
 * after, and the intents are read, past the boundary.
 */
final class Judge implements AutoCloseable {
    private final Stage stage;
    private final Side owner;
    private final Connection source;
    private final Connection target;
    private boolean touched = true;

    Judge(Stage stage, Side owner) throws SQLException {
        this.stage = stage;
        this.owner = owner;
        this.source = stage.direct(Side.SOURCE);
        this.target = stage.direct(Side.TARGET);
    }

    private Connection direct(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /** The rows that moved, and those of the table that did not. */
    private record Image(Map<String, String> moved, String elsewhere) {}

    private Image image() throws SQLException {
        String rows = "SELECT GROUP_CONCAT(CONCAT_WS(':', id, v, name) ORDER BY id) FROM elsewhere";
        try (Statement statement = direct(Side.SOURCE).createStatement();
                ResultSet row = statement.executeQuery(rows)) {
            row.next();
            return new Image(stage.rows(owner, direct(owner)), String.valueOf(row.getString(1)));
        }
    }

    /** Makes the rows of both sides what these statements make, if they are not, and lets later intents count alone. */
    void restore(String... statements) throws SQLException {
        if (!touched) {
            return;
        }
        for (Side side : Side.values()) {
            direct(side).setAutoCommit(false);
            execute(side, statements);
            execute(side, "UPDATE dualwrite_intent SET marked = 1 WHERE marked = 0");
            direct(side).commit();
            direct(side).setAutoCommit(true);
        }
        touched = false;
    }

    private void execute(Side side, String... statements) throws SQLException {
        try (Statement statement = direct(side).createStatement()) {
            for (String sql : statements) {
                statement.addBatch(sql);
            }
            statement.executeBatch();
        }
    }

    /** Does it on a connection of its own, and commits. */
    Verdict of(boolean autoCommit, OnStage.Work work) throws Exception {
        Image before = image();
        touched = true;
        String error = "";
        boolean refused = false;
        try (Connection connection = stage.connect()) {
            connection.setAutoCommit(autoCommit);
            try {
                work.on(connection);
            } catch (StatementRefusedException e) {
                error = e.code();
                refused = true;
            } catch (SQLException e) {
                error = Integer.toString(e.getErrorCode());
            }
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.commit();
            }
        }
        Image after = image();
        Set<String> captured = Stage.captured(direct(owner));
        touched = !captured.isEmpty() || !after.equals(before);
        return new Verdict(outcome(before, after, captured, refused), error);
    }

    private static Outcome outcome(Image before, Image after, Set<String> captured, boolean refused) {
        Set<String> changed = OnStage.folded(Stage.changed(before.moved(), after.moved()));
        Set<String> keys = OnStage.folded(captured);
        if (refused) {
            return keys.isEmpty() && before.equals(after) ? Outcome.REFUSED : Outcome.LOST;
        }
        if (keys.isEmpty()) {
            return changed.isEmpty() ? Outcome.PASSED : Outcome.UNCAPTURED;
        }
        if (!keys.containsAll(changed)) {
            return Outcome.LOST;
        }
        return keys.equals(changed) ? Outcome.CAPTURED : Outcome.SUPERSET;
    }

    @Override
    public void close() throws SQLException {
        source.close();
        target.close();
    }
}
