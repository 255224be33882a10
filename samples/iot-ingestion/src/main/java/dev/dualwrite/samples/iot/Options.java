package dev.dualwrite.samples.iot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the job is to be run. Made by {@link OptionParser}.
 *
 * @param duration of the whole job, about
 * @param devices that exist at the start
 * @param threads of each of the two processes
 * @param rate writes a second that all devices send together
 * @param history rows that exist before the application starts
 * @param seed of everything random
 * @param servers two JDBC URLs, or empty for servers of our own
 * @param trace recorded telemetry to replay
 * @param report where the HTML report goes
 * @param plant harm to be noticed
 * @param plain whether the terminal gets lines even if it could show more
 */
public record Options(
        Duration duration,
        int devices,
        int threads,
        int rate,
        int history,
        long seed,
        Optional<Urls> servers,
        Optional<Path> trace,
        Path report,
        Plant plant,
        boolean plain) {

    /** Servers that somebody else runs. */
    public record Urls(String source, String target) {
        /** For people; URLs hold secrets. */
        @Override
        public String toString() {
            return "Urls[…]";
        }
    }

    /** As somebody would type them again; without the URLs, which hold secrets. */
    public String asTyped() {
        return "--duration " + duration.toSeconds() + "s --devices " + devices + " --threads " + threads + " --rate "
                + rate + " --history " + history + " --seed " + seed
                + trace.map(file -> " --trace " + file).orElse("")
                + (servers.isPresent() ? " --source-url … --target-url …" : "")
                + switch (plant) {
                    case NOTHING -> "";
                    case LOST -> " --plant lost";
                    case CHANGED -> " --plant changed";
                };
    }
}
