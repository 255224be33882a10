package dev.dualwrite.jdbc.control;

import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Key;

/** A key that a transaction changed, or may have changed. One too many is harmless, one too few is a lost write. */
public record Captured(Table table, Key key) {}
