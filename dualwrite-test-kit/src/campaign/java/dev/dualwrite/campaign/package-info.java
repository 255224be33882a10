/**
 * Random migrations on two real servers, with random load and random faults, judged by the oracle; run by
 * {@code mvn -Pcampaign verify}. Everything that is drawn stands in a plan, and the plan follows from a seed. Entry
 * type: {@link dev.dualwrite.campaign.Campaign}.
 */
@NullMarked
package dev.dualwrite.campaign;

import org.jspecify.annotations.NullMarked;
