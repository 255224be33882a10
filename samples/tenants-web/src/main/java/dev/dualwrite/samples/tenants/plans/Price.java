package dev.dualwrite.samples.tenants.plans;

/** What a version of a plan costs. */
public record Price(int version, int cents) {}
