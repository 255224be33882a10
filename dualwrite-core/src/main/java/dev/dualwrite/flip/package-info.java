/** The flip, step by step, its recovery and the change of phase, over two {@link dev.dualwrite.flip.FenceStore}s. Entry type: {@link dev.dualwrite.flip.FlipCoordinator}. */
@NullMarked
package dev.dualwrite.flip;

import org.jspecify.annotations.NullMarked;
