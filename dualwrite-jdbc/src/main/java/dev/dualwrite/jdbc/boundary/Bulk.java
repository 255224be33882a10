package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.control.IntentWriter;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.Sql;
import dev.dualwrite.sql.DerivedSql;
import dev.dualwrite.sql.Statement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An UPDATE or DELETE of more rows than this process wants to know of: the server selects them and writes their intents
 * in one statement, before they change.
 */
final class Bulk {
    private final KeySpec key;
    private final Statement.Selective statement;
    private final boolean interleaved;
    private final Parameters parameters;
    private final int timeout;
    private final byte[] mark = IntentWriter.mark();

    /**
     * @param interleaved whether rows may begin to match between this and the statement; else what was selected stays
     *     locked with the gaps around it
     * @param timeout in seconds, 0 for none
     */
    Bulk(KeySpec key, Statement.Selective statement, boolean interleaved, Parameters parameters, int timeout) {
        this.key = key;
        this.statement = statement;
        this.interleaved = interleaved;
        this.parameters = parameters;
        this.timeout = timeout;
    }

    /** The table that it is of. */
    String table() {
        return key.table();
    }

    /** What the ids of the intents begin with. */
    byte[] mark() {
        return mark.clone();
    }

    /**
     * Writes the intents.
     *
     * @return whether any were written; if not, the fence is not OPEN on this epoch any more
     */
    boolean write(IntentWriter writer, Connection connection, long epoch) throws SQLException {
        DerivedSql rows = statement.keySelect(IntentWriter.unitAndKey(key, qualifier()), List.of(), Question.ALL, "");
        try (PreparedStatement insert = Driver.prepare(
                connection, writer.fromRows(epoch, key, mark, rows.sql()), Connection::prepareStatement)) {
            if (timeout > 0) {
                insert.setQueryTimeout(timeout);
            }
            parameters.bind(insert, rows.params());
            return insert.executeLargeUpdate() > 0;
        } catch (SQLException e) {
            throw ControlFailure.named(e, writer.fence().names().table("intent"));
        }
    }

    /** The form of the statement that changes no other rows; null if it can run as it is. */
    @Nullable DerivedSql restricted(IntentWriter writer) {
        return interleaved ? statement.restrictedTo(writer.writtenFor(key, qualifier(), mark)) : null;
    }

    private String qualifier() {
        String alias = statement.alias();
        return alias == null ? "" : Sql.name(alias) + ".";
    }
}
