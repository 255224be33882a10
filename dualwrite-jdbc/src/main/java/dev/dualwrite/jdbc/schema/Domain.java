package dev.dualwrite.jdbc.schema;

import dev.dualwrite.DualWriteException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tables that move, by name. They bear one name on both sides; their schemas may differ.
 *
 * @param names as the host gave them, in order; empty means every base table of the schema
 * @param ledger the library's own table that moves along, if there is one
 */
public record Domain(List<String> names, Optional<String> ledger) {

    public Domain(List<String> names) {
        this(names, Optional.empty());
    }

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

    /** The same with a ledger. */
    public Domain with(String ledger) {
        return new Domain(names, Optional.of(ledger));
    }

    /** Whether a table of this name belongs to the domain. */
    public boolean contains(String name, String prefix) {
        if (name.toLowerCase(Locale.ROOT).startsWith(prefix)) {
            return ledger.filter(name::equalsIgnoreCase).isPresent();
        }
        return names.isEmpty() || names.stream().anyMatch(name::equalsIgnoreCase);
    }

    /** The tables that have to be there. */
    public List<String> required() {
        return Stream.concat(names.stream(), ledger.stream()).toList();
    }
}
