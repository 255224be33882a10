package dev.dualwrite.samples.tenants.rollout;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the job is to be run.
 *
 * @param seconds that it takes, about; with less than it needs, as long as it needs
 * @param tenants of the service
 * @param rate requests a second that all customers send together
 * @param shares of the tenants whose reads move, one after the other
 * @param compared percent of the reads that are compared
 * @param seed of everything random but the salt of the cohort
 * @param plant harm that the verdict is to notice
 * @param servers two JDBC URLs, or empty for servers of our own
 */
record Options(
        int seconds,
        int tenants,
        int rate,
        List<Double> shares,
        int compared,
        long seed,
        Plant plant,
        Optional<Urls> servers) {
    static final String HELP = """
            tenants-web: three instances of a web service, whose reads move to another database tenant by tenant: 1, 10,
            50 and 100 %. On the way somebody changes rows there behind everybody's back.

              mvn -q -pl samples/tenants-web -am compile exec:java -Dexec.args="--seed 7"

              --seconds N            of the whole job, about, 1 to 3600; default 60; it takes what it needs at least
              --tenants N            100 to 100000; default 400
              --rate N               requests a second, of all customers together, 1 to 10000; default 300
              --shares N,N,..        percent of the tenants whose reads move, rising to 100; default 1,10,50,100
              --compared N           percent of the reads that are compared, 1 to 100; default 20
              --seed N               of everything random; printed if not given
              --source-url URL       jdbc:mysql://host:port/?user=..&password=..; the account creates schemas
              --target-url URL       the same for the other server; both or none
              --plant lost|changed   at the end deletes one acknowledged price on the owner, or changes one row on the
                                     follower: the verdict must turn red
              --help                 this

            Without URLs two embedded servers are started; -Ddualwrite.servers=auto|docker|local|embedded chooses
            others.

            Exit code: 0 if the verdict is green, 1 if it is red or the job failed, 2 if an option is wrong.
            """;

    private static final List<String> NAMES = List.of(
            "--seconds",
            "--tenants",
            "--rate",
            "--shares",
            "--compared",
            "--seed",
            "--plant",
            "--source-url",
            "--target-url");

    /** Harm that the verdict is to notice. */
    enum Plant {
        NOTHING,
        LOST,
        CHANGED
    }

    /** Servers that somebody else runs. */
    record Urls(String source, String target) {
        /** For people; URLs hold secrets. */
        @Override
        public String toString() {
            return "Urls[…]";
        }
    }

    /** An option is unknown or out of range; the message says what is allowed. */
    static final class BadOptionException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadOptionException(String message) {
            super(message);
        }
    }

    static Options parse(List<String> arguments) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!NAMES.contains(name)) {
                throw new BadOptionException("'" + name + "' is no option: see --help for those there are");
            }
            if (i + 1 == arguments.size() || given.put(name, arguments.get(i + 1)) != null) {
                throw new BadOptionException(name + " must be given once, with a value");
            }
        }
        return new Options(
                (int) number(given, "--seconds", 60, 1, 3_600),
                (int) number(given, "--tenants", 400, 100, 100_000),
                (int) number(given, "--rate", 300, 1, 10_000),
                shares(given.getOrDefault("--shares", "1,10,50,100")),
                (int) number(given, "--compared", 20, 1, 100),
                number(given, "--seed", ThreadLocalRandom.current().nextInt(1_000_000_000), 0, Long.MAX_VALUE),
                plant(given.getOrDefault("--plant", "nothing")),
                urls(given));
    }

    private static long number(Map<String, String> given, String name, long otherwise, long least, long most) {
        String text = given.getOrDefault(name, String.valueOf(otherwise));
        if (text.matches("\\d{1,18}")) {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw new BadOptionException(
                name + " is '" + text + "'; it must be a whole number from " + least + " to " + most);
    }

    private static List<Double> shares(String text) {
        if (text.matches("(\\d{1,2}(\\.\\d{1,2})?,)*100")) {
            List<Double> shares =
                    Stream.of(text.split(",", -1)).map(Double::valueOf).toList();
            if (shares.get(0) > 0
                    && shares.stream().sorted().distinct().toList().equals(shares)) {
                return shares;
            }
        }
        throw new BadOptionException("--shares is '" + text + "'; it must rise to 100: 1,10,50,100");
    }

    private static Plant plant(String text) {
        try {
            return Plant.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new BadOptionException("--plant is '" + text + "'; it must be lost or changed");
        }
    }

    private static Optional<Urls> urls(Map<String, String> given) {
        String source = given.get("--source-url");
        String target = given.get("--target-url");
        if (source == null && target == null) {
            return Optional.empty();
        }
        if (source == null
                || target == null
                || !source.startsWith("jdbc:mysql://")
                || !target.startsWith("jdbc:mysql://")) {
            // The values may hold passwords and are not repeated.
            throw new BadOptionException("--source-url and --target-url go together, and begin with jdbc:mysql://");
        }
        return Optional.of(new Urls(source, target));
    }

    /** As somebody would type them again; without the URLs, which hold secrets. */
    String asTyped() {
        return "--seconds " + seconds + " --tenants " + tenants + " --rate " + rate + " --shares "
                + shares.stream()
                        .map(share -> share == Math.rint(share) ? String.valueOf(Math.round(share)) : share.toString())
                        .collect(Collectors.joining(","))
                + " --compared " + compared + " --seed " + seed
                + (servers.isPresent() ? " --source-url … --target-url …" : "")
                + (plant == Plant.NOTHING ? "" : " --plant " + plant.name().toLowerCase(Locale.ROOT));
    }
}
