/** Figures that processes tell each other. Entry type: {@link dev.dualwrite.samples.iot.stats.Sample}. */
@NullMarked
package dev.dualwrite.samples.iot.stats;

import org.jspecify.annotations.NullMarked;
