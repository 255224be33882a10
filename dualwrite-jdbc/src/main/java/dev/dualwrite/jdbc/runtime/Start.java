package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.FenceState;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.schema.Versions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens before an instance takes its first write: both sides are asked, if they answer; a first start
 * puts the fence rows. After that one side is enough.
 */
final class Start {
    private static final Logger LOG = LoggerFactory.getLogger(Start.class);

    private final Places places;
    private final Settings settings;
    private final Beliefs beliefs;
    private final Pulses pulses;
    private final Audit audit;
    private final Findings findings;

    Start(Places places, Settings settings, Beliefs beliefs, Pulses pulses, Audit audit, Findings findings) {
        this.places = places;
        this.settings = settings;
        this.beliefs = beliefs;
        this.pulses = pulses;
        this.audit = audit;
        this.findings = findings;
    }

    void run() {
        Map<Side, SQLException> unreachable = new EnumMap<>(Side.class);
        Map<Side, FenceRow> rows = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            try {
                look(side).ifPresent(row -> rows.put(side, row));
            } catch (SQLException e) {
                unreachable.put(side, e);
                beliefs.unreachable(side, e);
            }
        }
        if (unreachable.size() == 2) {
            throw new DualWriteException(
                    "DW-1008",
                    "neither side can be reached: SOURCE: " + unreachable.get(Side.SOURCE) + "; TARGET: "
                            + unreachable.get(Side.TARGET),
                    Objects.requireNonNull(unreachable.get(Side.SOURCE)));
        }
        if (unreachable.isEmpty()) {
            distinct();
            paired();
        }
        EnumSet.complementOf(unreachable.isEmpty() ? EnumSet.noneOf(Side.class) : EnumSet.copyOf(unreachable.keySet()))
                .forEach(this::untaken);
        if (rows.isEmpty() || (rows.size() == 1 && unreachable.isEmpty())) {
            first(rows, unreachable);
        }
        rows.values().stream()
                .filter(row -> row.state() == FenceState.OPEN && row.atHome())
                .forEach(row -> writable(row.side()));
        compare(EnumSet.complementOf(
                unreachable.isEmpty() ? EnumSet.noneOf(Side.class) : EnumSet.copyOf(unreachable.keySet())));
        rows.values().forEach(row -> {
            // what is doubtful is settled by the watch before anything is written
            if (row.atHome()) {
                beliefs.saw(row, System.nanoTime());
            }
        });
        unreachable.forEach((side, cause) -> LOG.warn(
                "{}: starting without {}, which does not answer: {}", settings.name(), side, cause.toString()));
    }

    /** What each side remembers of the other, then how far they have come: before anything is believed. */
    private void compare(Set<Side> reachable) {
        for (Side side : reachable) {
            ask(side, pulses::hear);
        }
        for (Side side : reachable) {
            ask(side, pulses::beat);
        }
    }

    /** A question of a side's pulse. */
    @FunctionalInterface
    private interface Question {
        void ask(ControlSide control, Connection connection) throws SQLException;
    }

    private void ask(Side side, Question question) {
        try {
            ControlSide control = places.of(side).control();
            try (Connection connection = control.connection()) {
                question.ask(control, connection);
            }
        } catch (SQLException e) {
            LOG.debug("{}: {} went away while it was asked", settings.name(), side, e);
        }
    }

    private Optional<FenceRow> look(Side side) throws SQLException {
        ControlSide control = places.of(side).reach().control();
        try (Connection connection = control.connection()) {
            return control.fence().read(connection);
        }
    }

    private void distinct() {
        try {
            var source = places.of(Side.SOURCE).require();
            var target = places.of(Side.TARGET).require();
            if (source.schema().dialect() != target.schema().dialect()
                    || !source.schema().schema().equals(target.schema().schema())) {
                return;
            }
            try (Connection a = source.control().connection();
                    Connection b = target.control().connection()) {
                if (source.control()
                        .attestations()
                        .look(a)
                        .uuid()
                        .equals(target.control().attestations().look(b).uuid())) {
                    throw new DualWriteException(
                            "DW-1009",
                            "source and target are the same schema of the same server: "
                                    + source.schema().schema());
                }
            }
        } catch (SQLException e) {
            LOG.debug("{}: a side went away while it was asked", settings.name(), e);
        }
    }

    /** Two migrations of one table would each take the other's writes for its own. */
    private void untaken(Side side) {
        try {
            places.of(side).taken().ifPresent(taken -> {
                throw new DualWriteException("DW-1015", "tables " + taken);
            });
        } catch (SQLException e) {
            LOG.debug("{}: {} went away while it was asked", settings.name(), side, e);
        }
    }

    /** Both schemas are there: do they fit? Better to say so now than to park rows later. */
    private void paired() {
        try {
            places.mappings();
            findings.tell();
        } catch (SQLException e) {
            LOG.debug("{}: a side went away while it was asked", settings.name(), e);
        }
    }

    /**
     * The first start of a migration puts the target's row, then the source's. It needs both sides: a missing
     * row alone does not prove that this is the first start.
     */
    private void first(Map<Side, FenceRow> rows, Map<Side, SQLException> unreachable) {
        unreachable.forEach((side, cause) -> {
            throw new DualWriteException(
                    "DW-1005",
                    "the first start of a migration needs both sides, and " + side + " does not answer",
                    cause);
        });
        FenceRow target = rows.get(Side.TARGET);
        if (rows.containsKey(Side.SOURCE)
                || (target != null && !(target.state() == FenceState.CLOSED && target.epoch() == 0))) {
            throw new DualWriteException(
                    "DW-1010",
                    "only " + rows.keySet() + " has a fence row, at epoch "
                            + rows.values().iterator().next().epoch()
                            + ": the other side is not the one this migration began with; restore it, or start a"
                            + " migration with another name");
        }
        try {
            put(Side.TARGET, FenceState.CLOSED, 0);
            put(Side.SOURCE, FenceState.OPEN, 1);
            for (Side side : Side.values()) {
                look(side).ifPresent(row -> rows.put(side, row));
            }
            audit.add(Side.SOURCE, 1, "created", "migration " + settings.name());
        } catch (SQLException e) {
            throw new DualWriteException("DW-1005", "the fence rows could not be put: " + e.getMessage(), e);
        }
    }

    /** A fence on a server that writes nothing, or that another one writes to, holds nobody off. */
    private void writable(Side owner) {
        try (Connection connection = places.of(owner).control().connection()) {
            Versions.notWritable(connection).ifPresent(reason -> {
                throw new DualWriteException(
                        "DW-1007", owner + " cannot own: " + reason + "; make it the writing server, then start again");
            });
        } catch (SQLException e) {
            LOG.debug("{}: {} went away while it was asked", settings.name(), owner, e);
        }
    }

    private void put(Side side, FenceState state, long epoch) throws SQLException {
        ControlSide control = places.of(side).control();
        try (Connection connection = control.connection()) {
            if (state == FenceState.OPEN) {
                writable(side);
            }
            control.fence()
                    .create(
                            connection,
                            state,
                            Phase.SOURCE_ONLY,
                            epoch,
                            UUID.randomUUID().toString());
        }
    }
}
