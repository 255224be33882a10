/**
 * The protocol as an explicit-state model: every order in which its actors can take their steps, within stated bounds. Entry
 * type: {@link dev.dualwrite.model.ModelTest}; see {@code docs/model.md}.
 */
@NullMarked
package dev.dualwrite.model;

import org.jspecify.annotations.NullMarked;
