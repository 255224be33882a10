package dev.dualwrite.jdbc.schema;

import dev.dualwrite.Side;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one server says of the schema that the moved tables stand in. Read once per side; a snapshot.
 *
 * @param side which side
 * @param schema its schema, as the server spells it
 * @param dialect what kind of server it is
 * @param version its {@code VERSION()}
 * @param tables the domain, by lower-case name
 * @param outside base tables of the schema that are not of the domain and not the library's, lower case
 * @param views all views of the schema, lower case
 * @param functions stored functions of the schema that may change tables, lower case
 * @param elsewhere what other schemas have that may reach into this one
 */
public record SideSchema(
        Side side,
        String schema,
        Dialect dialect,
        String version,
        Map<String, Table> tables,
        Set<String> outside,
        Set<String> views,
        Set<String> functions,
        Elsewhere elsewhere) {

    /**
     * What other schemas of the server have that may reach into the schema of the moved tables.
     *
     * @param views {@code schema.view} of the views that mention it, lower case
     * @param unseen the same of views of which the text may not be seen
     * @param functions all stored functions, without their schema; lower case
     */
    public record Elsewhere(Set<String> views, Set<String> unseen, Set<String> functions) {
        public Elsewhere {
            views = Set.copyOf(views);
            unseen = Set.copyOf(unseen);
            functions = Set.copyOf(functions);
        }
    }

    public SideSchema {
        tables = Map.copyOf(tables);
        outside = Set.copyOf(outside);
        views = Set.copyOf(views);
        functions = Set.copyOf(functions);
    }

    /** A table of the domain; names are compared without case, which is never less strict than a server. */
    public Optional<Table> table(String name) {
        return Optional.ofNullable(tables.get(name.toLowerCase(Locale.ROOT)));
    }

    /** A table of the domain that must be there. */
    public Table require(String name) {
        return table(name).orElseThrow(() -> new IllegalStateException(name + " is not a table of the domain"));
    }
}
