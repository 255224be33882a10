package dev.dualwrite.samples.iot.device;

/**
 * What exists before the application starts. It follows from these numbers alone, so whoever knows them can say
 * what every row has to be.
 *
 * @param seed of the values
 * @param devices numbered from 1, each in the slot of its number
 * @param history rows, spread evenly over them
 */
public record Beginning(long seed, int devices, int history) {

    /** How many readings this device has sent before. */
    public long readingsOf(long device) {
        if (device < 1 || device > devices) {
            return 0;
        }
        return (long) history / devices + (device <= history % devices ? 1 : 0);
    }

    /** The value of one of them, in thousandths. */
    public long value(long device, long number) {
        return 20_000 + Math.floorMod(mix(seed ^ mix(device) ^ mix(number * 31)), 10_000L);
    }

    /** The device's row at the start. */
    public DeviceState device(long id) {
        DeviceState state = DeviceState.registered(id, id);
        for (long number = 1; number <= readingsOf(id); number++) {
            state = state.next(value(id, number));
        }
        return state;
    }

    /** A hash that scatters neighbours. */
    private static long mix(long bits) {
        long z = bits + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
