package dev.dualwrite.corpus;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One generated statement.
 *
 * @param number its place in the corpus
 * @param mode of the session that it is meant for
 * @param target the table that it changes first; null for a query
 * @param sql the text, with {@link Scratch#SCHEMA} for the schema's name
 * @param parameters a value for each parameter
 */
public record Sample(
        long number,
        Form form,
        Mode mode,
        @Nullable String target,
        String sql,
        List<Object> parameters,
        Set<Trait> traits) {

    public Sample {
        parameters = List.copyOf(parameters);
        traits = traits.isEmpty() ? EnumSet.noneOf(Trait.class) : EnumSet.copyOf(traits);
    }

    /** The text for one schema. */
    public String in(String schema) {
        return sql.replace(Scratch.SCHEMA, schema);
    }

    /** How to draw it again, and what it is. */
    @Override
    public String toString() {
        return "-Dcorpus.statement=" + number + " " + form + " " + mode + ": " + sql
                + (parameters.isEmpty() ? "" : " with " + parameters);
    }
}
