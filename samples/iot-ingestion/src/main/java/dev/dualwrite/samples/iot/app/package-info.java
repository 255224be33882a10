/** The application, as each of its processes runs it. Entry type: {@link dev.dualwrite.samples.iot.app.AppProcess}. */
@NullMarked
package dev.dualwrite.samples.iot.app;

import org.jspecify.annotations.NullMarked;
