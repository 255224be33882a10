/** What the terminal shows. Entry type: {@link dev.dualwrite.samples.iot.view.View}. */
@NullMarked
package dev.dualwrite.samples.iot.view;

import org.jspecify.annotations.NullMarked;
