/** When and by whom the repair queue is worked off. Entry type: {@link dev.dualwrite.converge.Workers}. */
@NullMarked
package dev.dualwrite.converge;

import org.jspecify.annotations.NullMarked;
