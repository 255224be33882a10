package dev.dualwrite.jdbc.compare;

import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.schema.SideSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** What comparing needs of the running migration. Thread-safe. */
public interface Ground {
    String migration();

    String instance();

    ControlSide control(Side side) throws SQLException;

    SideSchema schema(Side side) throws SQLException;

    /** Ends a connection of the library's own instead of giving it back. */
    void discard(Side side, Connection connection);

    /** Says what was done. */
    void audit(String event, String detail);

    /** A digest of the tables of both sides: what was compared with others does not count. */
    String mapping() throws SQLException;

    /** The owner's row as last seen. */
    Optional<FenceRow> owner();
}
