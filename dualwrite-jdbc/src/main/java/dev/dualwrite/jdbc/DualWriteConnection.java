package dev.dualwrite.jdbc;

import dev.dualwrite.Side;
import java.sql.Connection;
import java.util.Optional;

/**
 * A connection of the boundary, for {@code connection.unwrap(DualWriteConnection.class)}. Everything that a
 * {@code Connection} does is done on the side that it belongs to.
 */
public interface DualWriteConnection extends Connection {

    /**
     * The side whose physical connection is held now; empty if none was needed yet. A transaction keeps it
     * from its first statement to its end; after that it may be another.
     */
    Optional<Side> side();
}
