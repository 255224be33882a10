/**
 * The one path to a follower: converging units by state, under the follower's fence and lanes. Entry type:
 * {@link dev.dualwrite.jdbc.follower.Converger}.
 */
@NullMarked
package dev.dualwrite.jdbc.follower;

import org.jspecify.annotations.NullMarked;
