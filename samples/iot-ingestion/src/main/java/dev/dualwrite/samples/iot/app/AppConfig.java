package dev.dualwrite.samples.iot.app;

import dev.dualwrite.samples.iot.device.Beginning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a process of the application is told at its start, as lines {@code name=value} on its standard input: the URLs
 * hold passwords, which others could read in a list of processes.
 *
 * @param source URL
 * @param target URL
 * @param migration its name
 * @param index of this process, from 0
 * @param processes that share the devices
 * @param threads of this process
 * @param rate writes a second of this process
 * @param beginning what exists already
 * @param log where acknowledgements are written
 * @param trace recorded telemetry
 */
public record AppConfig(
        String source,
        String target,
        String migration,
        int index,
        int processes,
        int threads,
        double rate,
        Beginning beginning,
        Path log,
        Optional<Path> trace) {

    /** How long a flip may hold writers up; the same in all instances. */
    public static final Duration FLIP_BUDGET = Duration.ofSeconds(1);

    /** The lines. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(
                "source=" + source,
                "target=" + target,
                "migration=" + migration,
                "index=" + index,
                "processes=" + processes,
                "threads=" + threads,
                "rate=" + rate,
                "seed=" + beginning.seed(),
                "devices=" + beginning.devices(),
                "history=" + beginning.history(),
                "log=" + log.toAbsolutePath()));
        trace.ifPresent(file -> lines.add("trace=" + file.toAbsolutePath()));
        return lines;
    }

    static AppConfig of(Map<String, String> values) {
        return new AppConfig(
                need(values, "source"),
                need(values, "target"),
                need(values, "migration"),
                Integer.parseInt(need(values, "index")),
                Integer.parseInt(need(values, "processes")),
                Integer.parseInt(need(values, "threads")),
                Double.parseDouble(need(values, "rate")),
                new Beginning(
                        Long.parseLong(need(values, "seed")),
                        Integer.parseInt(need(values, "devices")),
                        Integer.parseInt(need(values, "history"))),
                Path.of(need(values, "log")),
                Optional.ofNullable(values.get("trace")).map(Path::of));
    }

    private static String need(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the parent did not say " + name);
        }
        return value;
    }
}
