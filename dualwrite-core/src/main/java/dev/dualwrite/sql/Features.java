package dev.dualwrite.sql;

import java.util.Set;

/**
 * What a statement uses anywhere in its text. A flag too many is possible, one too few is not.
 *
 * @param functions what looks like a call, each once
 * @param userVariables reads or sets {@code @x}
 * @param assignments contains {@code :=}
 * @param systemVariables reads or sets {@code @@x}
 * @param executableComment contains code in {@code /*! ... *}{@code /}
 * @param jdbcEscape contains an opening brace, which the driver may rewrite
 * @param subquery contains a query in parentheses
 */
public record Features(
        Set<FunctionRef> functions,
        boolean userVariables,
        boolean assignments,
        boolean systemVariables,
        boolean executableComment,
        boolean jdbcEscape,
        boolean subquery) {

    public Features {
        functions = Set.copyOf(functions);
    }

    /** Whether a function of this name, in whatever schema, is called; case does not matter. */
    public boolean calls(String function) {
        return functions.stream().anyMatch(call -> call.name().equalsIgnoreCase(function));
    }
}
