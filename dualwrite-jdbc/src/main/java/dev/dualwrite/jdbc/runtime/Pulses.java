package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.control.AttestationTable;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.control.InstanceTable;
import dev.dualwrite.jdbc.control.PulseTable.Pulse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each side's database had come when anybody last heard of it: what this instance read, and what the other side
 * remembers. Whoever compares takes what is known <em>before</em> it reads the side, for until then the side only goes
 * on. Thread-safe.
 */
final class Pulses {
    private static final Logger LOG = LoggerFactory.getLogger(Pulses.class);

    /** For so many seconds a server that does not flush each commit may lose beats by a crash; each instance beats once in one. */
    private static final long CRASH = 30;

    /** Who was heard of so long before the last one was took no part in the pulse. */
    private static final Duration TOOK_PART = Duration.ofMinutes(1);

    private final Beliefs beliefs;
    private final Map<Side, AtomicLong> known = new EnumMap<>(Side.class);

    Pulses(Beliefs beliefs) {
        this.beliefs = beliefs;
        for (Side side : Side.values()) {
            known.put(side, new AtomicLong());
        }
    }

    private AtomicLong of(Side side) {
        AtomicLong found = known.get(side);
        if (found == null) {
            throw new IllegalStateException("no pulse of " + side);
        }
        return found;
    }

    private void learn(Side side, long beats) {
        of(side).accumulateAndGet(beats, Math::max);
    }

    /** The most that is known of a side. */
    long known(Side side) {
        return of(side).get();
    }

    /** Learns what a side remembers of the other one. */
    void hear(ControlSide control, Connection connection) throws SQLException {
        learn(control.side().other(), control.pulses().read(connection).there());
    }

    /** Why a side that was just read is an older copy, if it is. */
    Optional<String> fallenBack(ControlSide control, Connection connection) throws SQLException {
        long before = known(control.side());
        long here = control.pulses().read(connection).here();
        return here < before ? Optional.of(describe(control.side(), here, before)) : Optional.empty();
    }

    private static String describe(Side side, long here, long before) {
        return side + " has fallen back: "
                + (here < 0
                        ? "an instance has found and marked it"
                        : "its pulse is " + here + " and was " + before + " before")
                + ", so it is an older copy of the same server";
    }

    /** Compares, raises the side's own pulse if it stands as high as it did, and exchanges memories. */
    void beat(ControlSide control, Connection connection) throws SQLException {
        Side side = control.side();
        long before = known(side);
        long other = known(side.other());
        Pulse pulse = control.pulses().read(connection);
        learn(side.other(), pulse.there());
        if (pulse.here() < before) {
            if (crashedWhileWeak(control, connection)
                    && before - pulse.here() <= CRASH * beating(control, connection)) {
                LOG.warn(
                        "{}; a crash with weak durability can lose as much: every verification is void",
                        describe(side, pulse.here(), before));
                control.pulses().accept(connection, before);
                return;
            }
            beliefs.fellBack(side, Optional.of(describe(side, pulse.here(), before)));
            control.pulses().fellBack(connection, before - 1); // for those who do not know
            return;
        }
        beliefs.fellBack(side, Optional.empty());
        control.pulses().beat(connection);
        learn(side, pulse.here() + 1);
        if (pulse.there() < other) {
            control.pulses().remember(connection, other);
        }
    }

    /** What a crash loses then makes the verification void (design, section 3.1a), and nobody is kept out for it. */
    private static boolean crashedWhileWeak(ControlSide control, Connection connection) throws SQLException {
        AttestationTable attestations = control.attestations();
        return !attestations
                .lostSince(connection, attestations.look(connection), Duration.ofDays(1))
                .isEmpty();
    }

    private static long beating(ControlSide control, Connection connection) throws SQLException {
        List<Duration> silent = control.instances().list(connection).stream()
                .map(InstanceTable.Instance::silent)
                .sorted()
                .toList();
        return Math.max(
                1,
                silent.stream()
                        .filter(age -> age.minus(silent.get(0)).compareTo(TOOK_PART) < 0)
                        .count());
    }

    /** An operator, or the rule of the higher epoch, trusts a side as it is. */
    void accept(ControlSide control) throws SQLException {
        try (Connection connection = control.connection()) {
            control.pulses().accept(connection, known(control.side()));
        }
        beliefs.fellBack(control.side(), Optional.empty());
    }
}
