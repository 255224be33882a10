/**
 * Reads MySQL and MariaDB statements: a lexer and a reader that cuts a statement into clauses and fails closed. The entry
 * type is {@link dev.dualwrite.sql.StatementReader}; what it says is a {@link dev.dualwrite.sql.Statement}. Nothing here
 * prints SQL from a tree: derived statements are cut from the original text. Everything is immutable and thread-safe.
 */
@NullMarked
package dev.dualwrite.sql;

import org.jspecify.annotations.NullMarked;
