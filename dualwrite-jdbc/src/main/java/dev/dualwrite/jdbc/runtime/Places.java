package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.follower.Direction;
import dev.dualwrite.jdbc.follower.Mappings;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Both sides, and what can only be made once both were reached. Thread-safe. */
final class Places implements AutoCloseable {
    private final Place source;
    private final Place target;

    /** Written once both sides are known; immutable. */
    private volatile @Nullable Map<Side, Direction> directions;

    Places(Place source, Place target) {
        this.source = source;
        this.target = target;
    }

    Place of(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /**
     * A digest of the mapping and of the tables of both sides: what was copied or compared by another one does not count.
     *
     * @throws SQLException if a side was never reached
     */
    String digest(String mapping) throws SQLException {
        return Digest.of(mapping, source.require().schema(), target.require().schema());
    }

    /** The moved tables in lower case, as a side has them that was reached: a start reaches one at least. */
    Set<String> tables() {
        return Stream.of(source, target)
                .flatMap(place -> place.known().stream())
                .flatMap(known -> known.schema().tables().keySet().stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The way from an owner to its follower.
     *
     * @throws SQLException if a side was never reached
     * @throws dev.dualwrite.DualWriteException DW-1004, if the two cannot be mapped
     */
    Direction direction(Side owner) throws SQLException {
        return Objects.requireNonNull(mappings().get(owner));
    }

    Map<Side, Direction> mappings() throws SQLException {
        Map<Side, Direction> made = directions;
        if (made == null) {
            Mappings mappings =
                    new Mappings(source.reach().schema(), target.reach().schema());
            made = Map.of(
                    Side.SOURCE, new Direction(source.control(), target.control(), mappings),
                    Side.TARGET, new Direction(target.control(), source.control(), mappings));
            directions = made;
        }
        return made;
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
