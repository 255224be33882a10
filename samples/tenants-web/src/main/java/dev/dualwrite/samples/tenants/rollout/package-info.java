/**
 * Moves the service's database to another server while its customers use it:
 * {@link dev.dualwrite.samples.tenants.rollout.TenantsRollout}. What an operator does stands in
 * {@link dev.dualwrite.samples.tenants.rollout.Runbook}.
 */
@NullMarked
package dev.dualwrite.samples.tenants.rollout;

import org.jspecify.annotations.NullMarked;
