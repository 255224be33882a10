package dev.dualwrite.sql;

import org.jspecify.annotations.Nullable;

/**
 * A name that stands directly before a parenthesis, or a keyword that is a function without one, such as {@code
 * CURRENT_TIMESTAMP}. Case as written; it may be a built-in function, a stored one, or no function at all.
 */
public record FunctionRef(@Nullable String schema, String name) {}
