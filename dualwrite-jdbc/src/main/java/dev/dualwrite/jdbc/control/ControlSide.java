package dev.dualwrite.jdbc.control;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.schema.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One side's control tables, and the library's own pool to reach them by. Thread-safe. */
public final class ControlSide {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSide.class);

    private final ControlNames names;
    private final Dialect dialect;
    private final DataSource pool;
    private final FenceTable fence;
    private final IntentQueue queue;
    private final IntentWriter intents;
    private final LaneTable lanes;
    private final ParkedTable parked;
    private final ChunkTable chunks;
    private final InstanceTable instances;
    private final FlagTable flags;
    private final AuditTable audit;
    private final AttestationTable attestations;
    private final PulseTable pulses;
    private final SealTriggers seal;
    private final VerificationTable verifications;
    private final DivergenceTable divergences;
    private final MovedTable moved;
    private final CohortTable cohort;
    private final ReadShapeTable readShapes;
    private final ReadDifferenceTable readDifferences;

    public ControlSide(ControlNames names, Dialect dialect, DataSource pool) {
        this.names = names;
        this.dialect = dialect;
        this.pool = pool;
        this.fence = new FenceTable(names, dialect);
        this.queue = new IntentQueue(names);
        this.intents = new IntentWriter(fence);
        this.lanes = new LaneTable(names);
        this.parked = new ParkedTable(names);
        this.chunks = new ChunkTable(names);
        this.instances = new InstanceTable(names);
        this.flags = new FlagTable(names);
        this.audit = new AuditTable(names);
        this.attestations = new AttestationTable(names, dialect);
        this.pulses = new PulseTable(names);
        this.seal = new SealTriggers(names, dialect);
        this.verifications = new VerificationTable(names);
        this.divergences = new DivergenceTable(names);
        this.moved = new MovedTable(names);
        this.cohort = new CohortTable(names);
        this.readShapes = new ReadShapeTable(names);
        this.readDifferences = new ReadDifferenceTable(names);
    }

    /** A connection of the library's own pool: READ COMMITTED, UTC, strict, autocommit on. */
    public Connection connection() throws SQLException {
        return pool.getConnection();
    }

    /**
     * Does something in one transaction of the library's own pool, and commits it; anything that is thrown
     * undoes it.
     */
    public <T> T inTransaction(Work<T> work) throws SQLException {
        try (Connection connection = connection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.apply(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                undo(connection, e);
                throw e;
            } finally {
                settle(connection);
            }
        }
    }

    private static void undo(Connection connection, Throwable because) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e); // the connection is gone, and its transaction with it
        }
    }

    private static void settle(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.debug("a connection broke while it was given back; its pool replaces it", e);
        }
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T apply(Connection connection) throws SQLException;
    }

    public Side side() {
        return names.side();
    }

    public ControlNames names() {
        return names;
    }

    public Dialect dialect() {
        return dialect;
    }

    public FenceTable fence() {
        return fence;
    }

    public IntentQueue queue() {
        return queue;
    }

    public IntentWriter intents() {
        return intents;
    }

    public LaneTable lanes() {
        return lanes;
    }

    public ParkedTable parked() {
        return parked;
    }

    public ChunkTable chunks() {
        return chunks;
    }

    public InstanceTable instances() {
        return instances;
    }

    public FlagTable flags() {
        return flags;
    }

    public AuditTable audit() {
        return audit;
    }

    public SealTriggers seal() {
        return seal;
    }

    public AttestationTable attestations() {
        return attestations;
    }

    public PulseTable pulses() {
        return pulses;
    }

    public VerificationTable verifications() {
        return verifications;
    }

    public DivergenceTable divergences() {
        return divergences;
    }

    public CohortTable cohort() {
        return cohort;
    }

    public ReadShapeTable readShapes() {
        return readShapes;
    }

    public ReadDifferenceTable readDifferences() {
        return readDifferences;
    }

    public MovedTable moved() {
        return moved;
    }
}
