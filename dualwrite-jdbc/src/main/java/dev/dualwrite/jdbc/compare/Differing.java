package dev.dualwrite.jdbc.compare;

import dev.dualwrite.key.Key;
import org.jspecify.annotations.Nullable;

/**
 * A row in which two answers differ.
 *
 * @param table that it is of, if the answer holds its key
 * @param key of it, with {@code table}
 * @param detail what differs, with masked values
 */
record Differing(@Nullable String table, @Nullable Key key, String detail) {}
