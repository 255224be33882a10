/** The main job: a live system moves to another server and back. Entry type: {@link dev.dualwrite.samples.iot.IotIngestion}. */
@NullMarked
package dev.dualwrite.samples.iot;

import org.jspecify.annotations.NullMarked;
