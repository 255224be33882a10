package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.sql.Statement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A query of the domain that has run, locked nothing, and may as well be run on the other side. Immutable; may be kept as long as
 * its parameters can be set again.
 */
public final class Read {
    private final Statement.Select statement;
    private final Set<String> tables;
    private final Side side;
    private final Parameters parameters;
    private final boolean plainMode;

    Read(Statement.Select statement, Set<String> tables, Side side, Parameters parameters, boolean plainMode) {
        this.statement = statement;
        this.tables = tables;
        this.side = side;
        this.parameters = parameters;
        this.plainMode = plainMode;
    }

    /** Whether its session leaves quotes and backslashes as they are by default. */
    public boolean plainMode() {
        return plainMode;
    }

    public String sql() {
        return statement.sql();
    }

    public Statement.Select statement() {
        return statement;
    }

    /** Of the domain, in lower case. */
    public Set<String> tables() {
        return tables;
    }

    /** Where it has run. */
    public Side side() {
        return side;
    }

    /** Whether all its parameters can be set any number of times. */
    public boolean repeatable() {
        return parameters.repeatable();
    }

    /** Sets its parameters on a statement of the same text. */
    public void bind(PreparedStatement to) throws SQLException {
        parameters.bind(
                to, IntStream.rangeClosed(1, parameters.slots().size()).boxed().toList());
    }
}
