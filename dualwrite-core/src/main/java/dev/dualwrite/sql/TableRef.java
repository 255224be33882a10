package dev.dualwrite.sql;

import org.jspecify.annotations.Nullable;

/**
 * A table as a statement names it. Quotes are taken off, the case is kept as written.
 *
 * @param schema the schema, or null if the statement leaves it to the session
 * @param span where the name, with its schema, stands
 */
public record TableRef(@Nullable String schema, String name, SourceSpan span) {}
