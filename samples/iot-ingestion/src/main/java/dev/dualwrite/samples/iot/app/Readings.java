package dev.dualwrite.samples.iot.app;

import dev.dualwrite.samples.iot.device.DeviceState;
import java.util.List;
import java.util.random.RandomGenerator;

/** What comes in next for one thread's devices. */
sealed interface Readings {
    /** A reading of a device; the value in thousandths. */
    record Incoming(long device, long at, long value) {}

    Incoming next(Devices devices);

    /** Made up: any of the devices, near its last smoothed value. */
    record MadeUp(RandomGenerator random) implements Readings {
        @Override
        public Incoming next(Devices devices) {
            DeviceState device = devices.any(random);
            long value = device.smoothed() + random.nextLong(-500, 501);
            return new Incoming(device.id(), System.currentTimeMillis(), value);
        }
    }

    /** Recorded: in the order of the recording, again and again. */
    final class Recorded implements Readings {
        private final List<Trace.Reading> readings;
        private int next;

        Recorded(List<Trace.Reading> readings) {
            this.readings = List.copyOf(readings);
        }

        @Override
        public Incoming next(Devices devices) {
            Trace.Reading reading = readings.get(next);
            next = (next + 1) % readings.size();
            return new Incoming(reading.device(), reading.at(), reading.value());
        }
    }
}
