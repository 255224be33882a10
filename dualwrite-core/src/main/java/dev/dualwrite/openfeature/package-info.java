/**
 * Flags of an OpenFeature client. The entry type is {@link dev.dualwrite.openfeature.OpenFeatureFlags}. Needs {@code
 * dev.openfeature:sdk}, which the library itself does not bring.
 */
@NullMarked
package dev.dualwrite.openfeature;

import org.jspecify.annotations.NullMarked;
