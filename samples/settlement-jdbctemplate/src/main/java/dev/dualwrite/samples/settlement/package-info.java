/**
 * A settlement job on Spring's JdbcTemplate. The application is {@link dev.dualwrite.samples.settlement.SettlementJob}; {@link
 * dev.dualwrite.samples.settlement.SettlementOnJdbcTemplate} moves it while it works.
 */
@NullMarked
package dev.dualwrite.samples.settlement;

import org.jspecify.annotations.NullMarked;
