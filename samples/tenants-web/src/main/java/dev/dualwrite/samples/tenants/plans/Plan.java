package dev.dualwrite.samples.tenants.plans;

/**
 * What a tenant offers.
 *
 * @param version 1 when it is new, and one more with each price
 */
public record Plan(long id, String tenant, String name, int cents, int version) {}
