/** What is stored: devices, their history, and how both begin. Entry type: {@link dev.dualwrite.samples.iot.device.DeviceState}. */
@NullMarked
package dev.dualwrite.samples.iot.device;

import org.jspecify.annotations.NullMarked;
