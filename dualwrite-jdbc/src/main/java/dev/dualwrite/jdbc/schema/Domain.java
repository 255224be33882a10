package dev.dualwrite.jdbc.schema;

import dev.dualwrite.DualWriteException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The tables that move, by name. They bear one name on both sides; their schemas may differ.
 *
 * @param names as the host gave them, in order; empty means every base table of the schema
 */
public record Domain(List<String> names) {

    public Domain {
        names = List.copyOf(names);
        Set<String> seen = new LinkedHashSet<>();
        for (String name : names) {
            if (name.isBlank() || name.indexOf('.') >= 0) {
                throw new DualWriteException(
                        "DW-1001",
                        "'" + name + "' is no table name: give the bare name, the schema comes from each side's URL");
            }
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw new DualWriteException("DW-1001", "table " + name + " is named twice in tables(...)");
            }
        }
    }

    /** Every base table of the schema but the library's own. */
    public static Domain all() {
        return new Domain(List.of());
    }

    /** Whether a table of this name belongs to the domain. */
    public boolean contains(String name) {
        return names.isEmpty() || names.stream().anyMatch(name::equalsIgnoreCase);
    }
}
