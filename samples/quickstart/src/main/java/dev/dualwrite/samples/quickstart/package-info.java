/** The smallest program that moves a live table to another server and back. */
@NullMarked
package dev.dualwrite.samples.quickstart;

import org.jspecify.annotations.NullMarked;
