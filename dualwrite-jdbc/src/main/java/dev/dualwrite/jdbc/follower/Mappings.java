package dev.dualwrite.jdbc.follower;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.jdbc.schema.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The mappings of all tables of a migration, in both directions. Made once both schemas are known; immutable. */
public final class Mappings {
    private final Map<String, Mapping> toTarget = new HashMap<>();
    private final Map<String, Mapping> toSource = new HashMap<>();

    /**
     * Pairs the tables of both sides.
     *
     * @throws DualWriteException DW-1004, naming each table and column that keeps the two from being paired
     */
    public Mappings(SideSchema source, SideSchema target) {
        List<String> faults = new ArrayList<>();
        for (Map.Entry<String, Table> entry : source.tables().entrySet()) {
            Table twin = target.tables().get(entry.getKey());
            if (twin == null) {
                faults.add(entry.getValue().name() + " does not exist on the target");
                continue;
            }
            List<String> wrong = Mapping.faults(entry.getValue(), twin);
            faults.addAll(wrong);
            if (wrong.isEmpty()) {
                toTarget.put(entry.getKey(), new Mapping(entry.getValue(), twin));
                toSource.put(entry.getKey(), new Mapping(twin, entry.getValue()));
            }
        }
        for (String name : target.tables().keySet()) {
            if (!source.tables().containsKey(name)) {
                faults.add(name + " exists on the target only");
            }
        }
        if (!faults.isEmpty()) {
            throw new DualWriteException("DW-1004", "the two sides cannot be mapped: " + String.join("; ", faults));
        }
    }

    /** The mapping of a table while this side owns. */
    Mapping of(Side owner, String table) {
        Mapping mapping = (owner == Side.SOURCE ? toTarget : toSource).get(table.toLowerCase(Locale.ROOT));
        if (mapping == null) {
            throw new DualWriteException(
                    "DW-4001",
                    "an intent names the table " + table
                            + ", which is not in the domain of this instance: start all instances with the same tables");
        }
        return mapping;
    }

    /** What the follower takes less of while this side owns; by table, in order. */
    public List<Finding> findings(Side owner) {
        return new TreeMap<>(all(owner))
                .values().stream()
                        .flatMap(mapping -> mapping.findings().stream())
                        .toList();
    }

    /** Whether a table belongs to the domain. */
    boolean knows(String table) {
        return toTarget.containsKey(table.toLowerCase(Locale.ROOT));
    }

    /** All mappings while this side owns, by lower-case table name. */
    Map<String, Mapping> all(Side owner) {
        return owner == Side.SOURCE ? toTarget : toSource;
    }
}
