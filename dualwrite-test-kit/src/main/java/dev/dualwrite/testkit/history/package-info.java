/**
 * Histories: what clients, operators and accidents do to a migration, as data that can be drawn, shrunk, printed and done again.
 * Entry types: {@link dev.dualwrite.testkit.history.Histories} draws them for jqwik, {@link
 * dev.dualwrite.testkit.history.HistoryRunner} does one on two databases and lets the oracle judge.
 */
@NullMarked
package dev.dualwrite.testkit.history;

import org.jspecify.annotations.NullMarked;
