package dev.dualwrite.samples.iot.verdict;

import dev.dualwrite.samples.iot.device.DeviceState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads the owner past the library and past every proxy, and compares with what was acknowledged. Used once. */
public final class OwnerAudit {
    private static final int EXAMPLES = 8;

    private final Acknowledged acknowledged;
    private final List<String> examples = new ArrayList<>();
    private final Map<Long, DeviceState> rows = new HashMap<>();
    private final Map<Long, Long> numbersFound = new HashMap<>();
    private final Map<Long, Long> historyNumbersFound = new HashMap<>();
    private DeviceState recomputed = DeviceState.registered(0, 0);
    private long lastNumber;
    private long found;
    private long wrongValue;
    private long doubled;
    private long unheardOf;
    private long historyFound;
    private long historyWrong;
    private long devicesWrong;
    private long aggregatesWrong;

    public OwnerAudit(Acknowledged acknowledged) {
        this.acknowledged = acknowledged;
    }

    /** Reads everything once. */
    public Findings of(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT id, COALESCE(slot, -1), counter, total, lowest, highest, smoothed FROM device")) {
            while (row.next()) {
                device(new DeviceState(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7)));
            }
        }
        try (Statement statement = owner.createStatement()) {
            statement.setFetchSize(Integer.MIN_VALUE); // row by row: the history may be larger than memory
            try (ResultSet row =
                    statement.executeQuery("SELECT device, number, value FROM reading ORDER BY device, number, id")) {
                while (row.next()) {
                    reading(row.getLong(1), row.getLong(2), row.getLong(3));
                }
            }
        }
        return end();
    }

    void device(DeviceState row) {
        rows.put(row.id(), row);
    }

    /** Comes by device, and there by number. */
    void reading(long device, long number, long value) {
        if (recomputed.id() != device) {
            compareAggregates();
            recomputed = DeviceState.registered(device, 0);
            lastNumber = 0;
        }
        if (number == lastNumber) {
            doubled++;
            wrong("device " + device + ": number " + number + " is there twice");
            return;
        }
        lastNumber = number;
        recomputed = recomputed.next(value);
        OptionalLong expected = acknowledged.value(device, number);
        if (expected.isEmpty()) {
            unheardOf++;
            wrong("device " + device + ": number " + number + " is there, and nobody was told so");
            return;
        }
        boolean right = expected.getAsLong() == value;
        if (!right) {
            wrong("device " + device + ": number " + number + " has another value than acknowledged");
        }
        if (number <= acknowledged.readingsBefore(device)) {
            historyNumbersFound.merge(device, 1L, Long::sum);
            historyFound += right ? 1 : 0;
            historyWrong += right ? 0 : 1;
        } else {
            numbersFound.merge(device, 1L, Long::sum);
            found += right ? 1 : 0;
            wrongValue += right ? 0 : 1;
        }
    }

    private void compareAggregates() {
        DeviceState row = rows.get(recomputed.id());
        if (row != null && !row.inSlot(0).equals(recomputed)) {
            aggregatesWrong++;
            wrong("device " + row.id() + ": running figures " + row.inSlot(0) + ", of its history " + recomputed);
        }
    }

    Findings end() {
        compareAggregates();
        Map<Long, Long> slots = acknowledged.slots();
        slots.forEach((device, slot) -> {
            DeviceState row = rows.get(device);
            if (row == null) {
                devicesWrong++;
                wrong("device " + device + " is not there");
            } else if (row.slot() != slot || row.counter() != acknowledged.readingsOf(device)) {
                devicesWrong++;
                wrong("device " + device + " is in slot " + row.slot() + " with " + row.counter()
                        + " readings, acknowledged were slot " + slot + " and " + acknowledged.readingsOf(device));
            }
        });
        rows.keySet().stream().filter(device -> !slots.containsKey(device)).forEach(device -> {
            devicesWrong++;
            wrong("device " + device + " is there, and was "
                    + (acknowledged.retired().contains(device) ? "retired" : "never registered"));
        });
        long missing = 0;
        long historyMissing = 0;
        List<Long> all = new ArrayList<>(slots.keySet());
        all.addAll(acknowledged.retired());
        for (long device : all) {
            long gone = acknowledged.newReadingsOf(device) - numbersFound.getOrDefault(device, 0L);
            long historyGone = acknowledged.readingsBefore(device) - historyNumbersFound.getOrDefault(device, 0L);
            if (gone + historyGone > 0) {
                wrong("device " + device + ": " + (gone + historyGone) + " of its readings are not there");
            }
            missing += gone;
            historyMissing += historyGone;
        }
        return new Findings(
                acknowledged.count(),
                found - acknowledged.unanswered(),
                missing + wrongValue + acknowledged.contradictions(),
                doubled,
                unheardOf,
                historyFound,
                historyWrong + historyMissing,
                slots.size(),
                devicesWrong,
                aggregatesWrong,
                examples);
    }

    private void wrong(String what) {
        if (examples.size() < EXAMPLES) {
            examples.add(what);
        }
    }
}
