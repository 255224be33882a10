/**
 * A device registry on MyBatis. The application is {@link dev.dualwrite.samples.devices.Devices}, which knows a {@code
 * DataSource} and nothing of a migration; {@link dev.dualwrite.samples.devices.DevicesOnMyBatis} moves it while it works.
 */
@NullMarked
package dev.dualwrite.samples.devices;

import org.jspecify.annotations.NullMarked;
