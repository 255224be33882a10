package dev.dualwrite.samples.devices;

import java.math.BigDecimal;

/** What a device has measured; the sequence is its own and begins with 1. */
public record Reading(long device, long sequence, BigDecimal temperature) {}
