package dev.dualwrite.jdbc.compare;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.ReadComparison;
import dev.dualwrite.jdbc.boundary.Read;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A query, asked in sessions of the library's own: one statement in autocommit each time, in no transaction of a caller. */
final class ReadQuestion implements Question<Answer> {
    private final Ground ground;
    private final ReadComparison settings;
    private final Shape shape;
    private final Read read;
    private final Lifeline lifeline;

    ReadQuestion(Ground ground, ReadComparison settings, Shape shape, Read read, Lifeline lifeline) {
        this.ground = ground;
        this.settings = settings;
        this.shape = shape;
        this.read = read;
        this.lifeline = lifeline;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public Set<String> tables() {
        return read.tables();
    }

    private String text(Side side) {
        return side == Side.TARGET ? shape.rule().onTarget().orElse(read.sql()) : read.sql();
    }

    @Override
    public Answer ask(Side side) throws Unanswered {
        try (Connection connection = ground.control(side).connection()) {
            lifeline.uses(connection);
            try {
                return ask(side, connection);
            } finally {
                lifeline.uses(null);
            }
        } catch (SQLException e) {
            if (cannot(e)) {
                return Answer.failed(e.getErrorCode());
            }
            throw new Unanswered(Unanswered.Why.FAILED, side + " has failed with error " + e.getErrorCode());
        }
    }

    private Answer ask(Side side, Connection connection) throws SQLException, Unanswered {
        Duration timeout = settings.timeout();
        long deadline = System.nanoTime() + timeout.toNanos();
        try (PreparedStatement statement =
                connection.prepareStatement(text(side), ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(Integer.MIN_VALUE); // row by row: what is too large is not read to its end
            statement.setQueryTimeout((int) timeout.plusMillis(999).toSeconds());
            read.bind(statement);
            try (ResultSet result = statement.executeQuery()) {
                boolean whole = false;
                try {
                    Answer answer = fetch(result, deadline);
                    whole = true;
                    return answer;
                } finally {
                    if (!whole) {
                        connection.abort(Runnable::run); // or its rest would be read when it is closed
                        ground.discard(side, connection);
                    }
                }
            }
        }
    }

    private Answer fetch(ResultSet result, long deadline) throws SQLException, Unanswered {
        Rows rows = new Rows(settings.rows(), settings.bytes());
        rows.columns(result);
        while (result.next()) {
            if (!rows.take(result)) {
                throw new Unanswered(Unanswered.Why.TOO_LARGE, "it is too large");
            }
            if (System.nanoTime() - deadline > 0) {
                throw new Unanswered(Unanswered.Why.FAILED, "it took longer than " + settings.timeout());
            }
        }
        return rows.answer();
    }

    /** Whether this server cannot answer this text, today or tomorrow: a column, a table, a function or a right is missing. */
    private static boolean cannot(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("42") || state.startsWith("22") || state.startsWith("21"));
    }

    @Override
    public Likeness compare(Answer owner, Answer other) {
        return Likeness.of(owner, other, read.statement().ordered(), shape.rule());
    }

    @Override
    public boolean answers(Answer answer) {
        return !answer.failed();
    }

    @Override
    public Object print(Answer owner, Answer follower) {
        return List.of(owner.print(), follower.print());
    }

    @Override
    public List<Differing> differences(Answer owner, Answer follower) {
        Side side = ground.owner().orElseThrow().side();
        try {
            return new Differences(read.statement(), ground.schema(side), new Mask(settings.unmasked()), side)
                    .of(compare(owner, follower), owner.columns());
        } catch (SQLException e) {
            return List.of(new Differing(null, null, "the schema of " + side + " is not known"));
        }
    }
}
