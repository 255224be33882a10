/**
 * The boundary: the {@code DataSource} that an application uses, its connections and statements. Entry
 * type: {@link dev.dualwrite.jdbc.boundary.BoundaryDataSource}.
 */
@NullMarked
package dev.dualwrite.jdbc.boundary;

import org.jspecify.annotations.NullMarked;
