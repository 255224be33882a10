package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.StatementRefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query of the boundary's own, in the application's transaction and with its parameters. No key is a floating-point
 * number, so an answer of that type is one that would be stored in another spelling than it is read in, and is refused.
 *
 * @param sql ends in a LIMIT of its own: a session's {@code sql_select_limit} must not shorten the answer
 * @param params the indexes of the application's parameters that it repeats
 */
record Question(String sql, List<Integer> params) {
    /** No limit, said explicitly. */
    static final String ALL = " LIMIT 18446744073709551615";

    private static final Set<Integer> FLOATING = Set.of(Types.DOUBLE, Types.REAL, Types.FLOAT);

    /** @throws StatementRefusedException if one can be read only once */
    void checkParameters(Parameters parameters) throws SQLException {
        for (int index : params) {
            if (parameters.raw(index) == Slot.STREAM) {
                throw Refusal.STREAM.exception("A statement with a stream as parameter " + index);
            }
        }
    }

    /** @param timeout in seconds, 0 for none: that of the application's statement */
    List<List<@Nullable String>> ask(Connection connection, Parameters parameters, int timeout) throws SQLException {
        checkParameters(parameters);
        try (PreparedStatement statement = Driver.prepare(connection, sql, Connection::prepareStatement)) {
            statement.setMaxRows(0); // whatever the host's URL says
            if (timeout > 0) {
                statement.setQueryTimeout(timeout);
            }
            parameters.bind(statement, params);
            try (ResultSet result = statement.executeQuery()) {
                ResultSetMetaData columns = result.getMetaData();
                int width = columns.getColumnCount();
                for (int i = 1; i <= width; i++) {
                    if (FLOATING.contains(columns.getColumnType(i))) {
                        throw Refusal.KEY_TYPE.exception("A text or binary key computed as a floating-point number");
                    }
                }
                List<List<@Nullable String>> rows = new ArrayList<>();
                while (result.next()) {
                    List<@Nullable String> row = new ArrayList<>(width);
                    for (int i = 1; i <= width; i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }
}
