/** The operator's side: the processes, the course of the migration, what is seen meanwhile. Entry type: {@link dev.dualwrite.samples.iot.operate.Course}. */
@NullMarked
package dev.dualwrite.samples.iot.operate;

import org.jspecify.annotations.NullMarked;
