package dev.dualwrite.samples.tenants.plans;

/** A new plan. */
public record Offer(String name, int cents) {}
