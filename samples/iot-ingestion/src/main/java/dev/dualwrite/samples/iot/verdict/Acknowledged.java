package dev.dualwrite.samples.iot.verdict;

import dev.dualwrite.samples.iot.app.AckLog;
import dev.dualwrite.samples.iot.device.Beginning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** What the devices were told to be stored, with what was there before: the truth that a verdict goes by. Not thread-safe. */
public final class Acknowledged {
    private final Beginning beginning;
    private final Map<Long, Values> readings = new HashMap<>();
    private final Map<Long, Long> slots = new HashMap<>();
    private final Set<Long> retired = new HashSet<>();
    private long count;
    private long unanswered;
    private long contradictions;

    public Acknowledged(Beginning beginning) {
        this.beginning = beginning;
        for (long id = 1; id <= beginning.devices(); id++) {
            slots.put(id, id);
        }
    }

    /** Adds what a process wrote down. */
    public Acknowledged read(Path log) throws IOException {
        AckLog.read(log, this::add);
        return this;
    }

    void add(AckLog.Entry entry) {
        long device = entry.device();
        switch (entry.kind()) {
            case READING -> {
                count++;
                reading(device, entry.first(), entry.second());
            }
            case FOUND -> {
                unanswered++;
                reading(device, entry.first(), entry.second());
            }
            case SLOT, REGISTERED -> slots.put(device, entry.first());
            case RETIRED -> {
                slots.remove(device);
                retired.add(device);
            }
        }
    }

    /** A device's numbers rise one by one; if one comes again, the state that it was made from had gone back. */
    private void reading(long device, long number, long value) {
        Values values = readings.computeIfAbsent(device, id -> new Values());
        if (number != readingsBefore(device) + values.size + 1) {
            contradictions++;
        } else {
            values.add(value);
        }
    }

    /** How many readings were acknowledged while the application ran. */
    public long count() {
        return count;
    }

    /** How many were found stored after nobody had answered their commit. */
    public long unanswered() {
        return unanswered;
    }

    /** How many were acknowledged under a number that was not the next: a state that had been acknowledged was lost. */
    public long contradictions() {
        return contradictions;
    }

    /** How many readings a device must have on the owner. */
    long readingsOf(long device) {
        return readingsBefore(device) + newReadingsOf(device);
    }

    /** Of them, those of before the application started. */
    long readingsBefore(long device) {
        return beginning.readingsOf(device);
    }

    /** Of them, those of while it ran. */
    long newReadingsOf(long device) {
        Values values = readings.get(device);
        return values == null ? 0 : values.size;
    }

    /** What a reading must be; empty if nobody was told of it. */
    OptionalLong value(long device, long number) {
        if (number < 1 || number > readingsOf(device)) {
            return OptionalLong.empty();
        }
        if (number <= readingsBefore(device)) {
            return OptionalLong.of(beginning.value(device, number));
        }
        Values values = readings.get(device);
        return values == null
                ? OptionalLong.empty()
                : OptionalLong.of(values.of[(int) (number - readingsBefore(device) - 1)]);
    }

    /** Which device must be in which slot; devices that retired are not among them. */
    Map<Long, Long> slots() {
        return Map.copyOf(slots);
    }

    /** Devices that must be gone. */
    Set<Long> retired() {
        return Set.copyOf(retired);
    }

    /** Numbers in a row, without an object for each. */
    private static final class Values {
        private long[] of = new long[16];
        private int size;

        private void add(long value) {
            if (size == of.length) {
                of = Arrays.copyOf(of, size * 2);
            }
            of[size++] = value;
        }
    }
}
