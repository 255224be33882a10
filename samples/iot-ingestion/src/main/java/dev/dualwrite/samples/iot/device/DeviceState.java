package dev.dualwrite.samples.iot.device;

/**
 * A device's row: what the next reading needs of all readings before it.
 *
 * @param id of the device
 * @param slot unique among all devices
 * @param counter readings so far
 * @param total their sum, in thousandths
 * @param lowest of them; 0 before the first
 * @param highest of them; 0 before the first
 * @param smoothed running average, which depends on the order of the readings
 */
public record DeviceState(long id, long slot, long counter, long total, long lowest, long highest, long smoothed) {

    /** A device that has sent nothing. */
    public static DeviceState registered(long id, long slot) {
        return new DeviceState(id, slot, 0, 0, 0, 0, 0);
    }

    /** After one more reading, in thousandths. */
    public DeviceState next(long value) {
        boolean first = counter == 0;
        return new DeviceState(
                id,
                slot,
                counter + 1,
                total + value,
                first ? value : Math.min(lowest, value),
                first ? value : Math.max(highest, value),
                first ? value : smoothed + Math.floorDiv(value - smoothed, 8L));
    }

    /** The same in another slot. */
    public DeviceState inSlot(long other) {
        return new DeviceState(id, other, counter, total, lowest, highest, smoothed);
    }
}
