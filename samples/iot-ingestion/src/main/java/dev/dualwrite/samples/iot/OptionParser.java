package dev.dualwrite.samples.iot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the command line. */
public final class OptionParser {
    /** What {@code --help} prints. */
    public static final String HELP = """
            iot-ingestion: two processes write the readings of thousands of devices through dualwrite, while an
            operator moves them to another server, back, and forth again; then counts whether anything was lost.

              mvn -q -pl samples/iot-ingestion -am compile exec:java -Dexec.args="--seed 7"

              --duration TIME      of the whole job, about: 90s, 2m, 30m; default 2m, at least 15s
              --devices N          at the start, 2 to 1000000; default 2000
              --threads N          of each process, 1 to 200; default 16
              --rate N             writes a second, of all devices together, 1 to 100000; default 150
              --history N          rows that exist before the application starts, 0 to 50000000; default 200000
              --seed N             of everything random; printed if not given
              --source-url URL     jdbc:mysql://host:port/?user=..&password=..; the account creates schemas
              --target-url URL     the same for the other server; both or none
              --trace FILE.csv     replays recorded telemetry, see below; replaces --devices
              --report FILE        default target/iot-ingestion.html
              --plant lost|changed deletes one acknowledged reading on the owner, or changes one row on the follower,
                                   behind everybody's back: the verdict must turn red
              --plain              lines also on a terminal
              --help               this

            Without URLs two embedded servers are started; -Ddualwrite.servers=auto|docker|local|embedded chooses
            others. On a terminal the view is redrawn in place; NO_COLOR is respected; else lines are printed.

            A trace is a CSV file with the heading device,epoch_millis,value: any text without a comma for the device,
            the time in milliseconds since 1970, a decimal number with up to three places. The order of each device's
            lines is kept; the pace is --rate, not that of the recording; at its end it begins again.

            Exit code: 0 if the verdict is green, 1 if it is red or the job failed, 2 if an option is wrong.
            """;

    private static final Duration LEAST = Duration.ofSeconds(15);
    private static final Set<String> VALUED = Set.of(
            "--duration",
            "--devices",
            "--threads",
            "--rate",
            "--history",
            "--seed",
            "--source-url",
            "--target-url",
            "--trace",
            "--report",
            "--plant");
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(s|m|h)?");

    private OptionParser() {}

    /** Whether somebody asks for help. */
    public static boolean asksForHelp(List<String> arguments) {
        return arguments.contains("--help") || arguments.contains("-h");
    }

    /**
     * Reads arguments.
     *
     * @throws BadOptionException if one is unknown or out of range
     */
    public static Options parse(List<String> arguments) {
        Map<String, String> given = new HashMap<>();
        boolean plain = false;
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            int equals = name.indexOf('=');
            String value;
            if (name.equals("--plain")) {
                plain = true;
                continue;
            } else if (name.startsWith("--") && equals > 0) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            } else if (VALUED.contains(name)) {
                if (i + 1 == arguments.size()) {
                    throw new BadOptionException(name + " is the last argument and needs a value: see --help");
                }
                value = arguments.get(++i);
            } else {
                throw unknown(name);
            }
            if (!VALUED.contains(name)) {
                throw unknown(name);
            }
            if (given.put(name, value) != null) {
                throw new BadOptionException(name + " is given twice: leave one out");
            }
        }
        return new Options(
                duration(given),
                (int) number(given, "--devices", 2_000, 2, 1_000_000),
                (int) number(given, "--threads", 16, 1, 200),
                (int) number(given, "--rate", 150, 1, 100_000),
                (int) number(given, "--history", 200_000, 0, 50_000_000),
                number(
                        given,
                        "--seed",
                        ThreadLocalRandom.current().nextLong(1_000_000_000L),
                        Long.MIN_VALUE,
                        Long.MAX_VALUE),
                urls(given),
                trace(given),
                Path.of(given.getOrDefault("--report", "target/iot-ingestion.html")),
                plant(given),
                plain);
    }

    private static BadOptionException unknown(String name) {
        return new BadOptionException("'" + name + "' is no option: see --help for those there are");
    }

    private static BadOptionException bad(String name, String value, String allowed) {
        return new BadOptionException(name + " is '" + value + "'; it must be " + allowed);
    }

    private static Duration duration(Map<String, String> given) {
        String text = given.getOrDefault("--duration", "2m");
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw bad("--duration", text, "a whole number with s, m or h behind it: 90s, 2m, 1h");
        }
        long count = Long.parseLong(matcher.group(1));
        String unit = Optional.ofNullable(matcher.group(2)).orElse("s");
        Duration duration = switch (unit) {
            case "h" -> Duration.ofHours(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofSeconds(count);
        };
        if (duration.compareTo(LEAST) < 0 || duration.compareTo(Duration.ofHours(24)) > 0) {
            throw bad("--duration", text, "15s to 24h: the outage and the stops alone take seconds");
        }
        return duration;
    }

    private static long number(Map<String, String> given, String name, long otherwise, long least, long most) {
        String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.replace("_", "").strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw bad(name, text, "a whole number");
        }
        throw bad(name, text, least + " to " + most);
    }

    private static Optional<Options.Urls> urls(Map<String, String> given) {
        String source = given.get("--source-url");
        String target = given.get("--target-url");
        if (source == null && target == null) {
            return Optional.empty();
        }
        if (source == null || target == null) {
            throw new BadOptionException("--source-url and --target-url go together: "
                    + (source == null ? "--source-url" : "--target-url") + " is missing");
        }
        for (String name : List.of("--source-url", "--target-url")) {
            // The value may hold a password and is not repeated.
            if (!given.getOrDefault(name, "").startsWith("jdbc:mysql://")) {
                throw new BadOptionException(
                        name + " must begin with jdbc:mysql:// and name one server: jdbc:mysql://host:3306/?user=..");
            }
        }
        return Optional.of(new Options.Urls(source, target));
    }

    private static Optional<Path> trace(Map<String, String> given) {
        Optional<Path> file = Optional.ofNullable(given.get("--trace")).map(Path::of);
        file.filter(path -> !Files.isReadable(path)).ifPresent(path -> {
            throw bad(
                    "--trace",
                    path.toString(),
                    "a file that can be read; seen from " + Path.of("").toAbsolutePath());
        });
        return file;
    }

    private static Plant plant(Map<String, String> given) {
        String text = given.getOrDefault("--plant", "");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "" -> Plant.NOTHING;
            case "lost" -> Plant.LOST;
            case "changed" -> Plant.CHANGED;
            default -> throw bad("--plant", text, "lost or changed");
        };
    }
}
