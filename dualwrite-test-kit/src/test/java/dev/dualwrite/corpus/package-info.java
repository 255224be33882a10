/** Statements that are generated, and who takes them for what: {@link dev.dualwrite.corpus.Corpus} draws them. */
@NullMarked
package dev.dualwrite.corpus;

import org.jspecify.annotations.NullMarked;
