package dev.dualwrite.samples.devices;

import java.math.BigDecimal;

/** The last reading of a device that is stored; sequence 0 if there is none. */
record DeviceState(long device, long sequence, BigDecimal temperature) {}
