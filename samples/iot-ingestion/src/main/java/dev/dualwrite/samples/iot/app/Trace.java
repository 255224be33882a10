package dev.dualwrite.samples.iot.app;

import dev.dualwrite.samples.iot.BadOptionException;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Recorded telemetry: lines {@code device,epoch_millis,value} below a heading that says so. Devices are numbered from 1
 * in the order in which they first appear.
 *
 * @param devices how many there are
 * @param readings in the order of the file
 */
public record Trace(int devices, List<Reading> readings) {
    private static final String HEADING = "device,epoch_millis,value";

    public Trace {
        readings = List.copyOf(readings);
    }

    /** One line; the value in thousandths. */
    public record Reading(long device, long at, long value) {}

    /**
     * Reads a file.
     *
     * @throws BadOptionException with the line, if it is no trace
     */
    public static Trace read(Path file) {
        Map<String, Long> numbers = new HashMap<>();
        List<Reading> readings = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String heading = lines.readLine();
            if (heading == null || !heading.strip().replace(" ", "").equals(HEADING)) {
                throw bad(file, 1, "must be the heading " + HEADING);
            }
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    readings.add(reading(file, number, line, numbers));
                }
            }
        } catch (IOException e) {
            throw new BadOptionException("--trace " + file + " cannot be read: " + e.getMessage());
        }
        if (numbers.size() < 2) {
            throw new BadOptionException(
                    "--trace " + file + " holds " + numbers.size() + " devices; it needs readings of at least 2");
        }
        return new Trace(numbers.size(), readings);
    }

    private static Reading reading(Path file, int number, String line, Map<String, Long> numbers) {
        int first = line.indexOf(',');
        int second = line.indexOf(',', first + 1);
        if (first < 1 || second < 0 || line.indexOf(',', second + 1) >= 0) {
            throw bad(file, number, "must have three columns: " + HEADING);
        }
        try {
            long device = numbers.computeIfAbsent(line.substring(0, first).strip(), name -> numbers.size() + 1L);
            long at = Long.parseLong(line.substring(first + 1, second).strip());
            long value = new BigDecimal(line.substring(second + 1).strip())
                    .movePointRight(3)
                    .setScale(0, RoundingMode.HALF_EVEN)
                    .longValueExact();
            if (Math.abs(value) > 1_000_000_000_000L) {
                throw bad(file, number, "has a value beyond a thousand million");
            }
            return new Reading(device, at, value);
        } catch (ArithmeticException | NumberFormatException e) {
            throw bad(file, number, "must hold a whole number of milliseconds and a decimal number");
        }
    }

    private static BadOptionException bad(Path file, int line, String what) {
        return new BadOptionException("--trace " + file + ", line " + line + " " + what);
    }
}
