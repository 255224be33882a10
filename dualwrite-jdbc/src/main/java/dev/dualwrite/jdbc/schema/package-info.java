/** What the servers say of themselves and of the tables of the domain. Entry type: {@link dev.dualwrite.jdbc.schema.Domain}. */
@NullMarked
package dev.dualwrite.jdbc.schema;

import org.jspecify.annotations.NullMarked;
