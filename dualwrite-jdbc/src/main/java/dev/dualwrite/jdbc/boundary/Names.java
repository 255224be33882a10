package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.sql.TableRef;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what a table's name means on one side.
 *
 * @param schema of the side
 * @param catalog what the application selected instead of the side's schema; null if nothing else
 * @param otherSchema the other side's schema, if it is known and another
 * @param prefix of the control tables, lower case
 * @param ledgers of other migrations, which are tables that move with those; lower case
 */
record Names(
        SideSchema schema,
        @Nullable String catalog,
        @Nullable String otherSchema,
        String prefix,
        Set<String> ledgers) {
    private static final Set<String> SYSTEM = Set.of("information_schema", "performance_schema", "mysql", "sys");

    /** What a name can mean. */
    enum Meaning {
        DOMAIN,
        VIEW,
        CONTROL,
        /** A table of the domain, in the other side's schema. */
        OTHER_SIDE,
        OUTSIDE,
        /** Of the server itself. */
        SYSTEM
    }

    Meaning meaning(TableRef ref) {
        String in = ref.schema() == null ? catalog : ref.schema();
        if (in == null || in.equalsIgnoreCase(schema.schema())) {
            return own(ref.name());
        }
        if (schema.elsewhere().views().contains(qualified(in, ref.name()))) {
            return Meaning.VIEW;
        }
        if (in.equalsIgnoreCase(otherSchema) && own(ref.name()) != Meaning.OUTSIDE) {
            return Meaning.OTHER_SIDE;
        }
        return SYSTEM.contains(in.toLowerCase(Locale.ROOT)) ? Meaning.SYSTEM : Meaning.OUTSIDE;
    }

    private Meaning own(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (schema.tables().containsKey(lower)) {
            return Meaning.DOMAIN;
        }
        if (schema.views().contains(lower)) {
            return Meaning.VIEW;
        }
        return control(lower) ? Meaning.CONTROL : Meaning.OUTSIDE;
    }

    /** Whether a table has the name of one of the library's own that nobody but the library may change. */
    boolean control(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith(prefix) && !ledgers.contains(lower);
    }

    /** Whether it is a table of this schema and no view, through which a locking clause might not reach. */
    boolean baseTable(TableRef ref) {
        String in = ref.schema() == null ? catalog : ref.schema();
        boolean here = in == null || ownSchema(in);
        return here && (own(ref.name()) == Meaning.DOMAIN || own(ref.name()) == Meaning.OUTSIDE);
    }

    /** The table of the domain that a reference means. */
    Table domain(TableRef ref) {
        return schema.require(ref.name());
    }

    /** {@code schema.view} of what may show a moved table in another schema, lower case. */
    Set<String> elsewhereNamed() {
        Set<String> named = new HashSet<>(schema.elsewhere().views());
        named.addAll(schema.elsewhere().unseen());
        return named;
    }

    /** Whether a change of it may be of a moved table, through a view of another schema that may not be looked into. */
    boolean unseen(TableRef ref) {
        String in = ref.schema() == null ? catalog : ref.schema();
        return in != null && schema.elsewhere().unseen().contains(qualified(in, ref.name()));
    }

    private static String qualified(String in, String name) {
        return (in + "." + name).toLowerCase(Locale.ROOT);
    }

    /** Whether a call without a schema may be of a stored function that may change a moved table. */
    boolean mayWrite(String function) {
        String lower = function.toLowerCase(Locale.ROOT);
        return schema.functions().contains(lower)
                || (catalog != null && schema.elsewhere().functions().contains(lower));
    }

    boolean ownSchema(String name) {
        return name.equalsIgnoreCase(schema.schema());
    }
}
