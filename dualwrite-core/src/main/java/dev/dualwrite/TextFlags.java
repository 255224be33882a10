package dev.dualwrite;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FlagSource} whose flags are texts by name: of a properties file, of environment variables, of any client of a flag
 * service. The names, and what their values may be, are the constants of this class; a name that is missing, or blank, has no
 * opinion. What does not read as it should makes its question throw an {@link IllegalArgumentException}. As thread-safe as the supplier.
 */
public final class TextFlags implements FlagSource {
    /** The name of a phase, or a stage as {@link Phase#ofMigrationStage} knows them. */
    public static final String PHASE = "phase";

    /** {@code on}, {@code true} or {@code 1}; or {@code off}, {@code false} or {@code 0}. */
    public static final String HOLD = "hold";

    /** As {@link #HOLD}. */
    public static final String KILL = "kill";

    /** A number from 0 to 100. */
    public static final String READ_PERCENT = "read-percent";

    /** {@code tenant=a,b;region=north}. */
    public static final String READ_COHORT = "read-cohort";

    /** A number from 0 to 100. */
    public static final String SAMPLING = "sampling";

    /** {@code pause}, or {@code run}: backfills stand still, or go on. */
    public static final String PACE = "pace";

    private final Supplier<Map<String, String>> texts;

    private TextFlags(Supplier<Map<String, String>> texts) {
        this.texts = Objects.requireNonNull(texts);
    }

    /** Asks the supplier once for each look. */
    public static TextFlags of(Supplier<Map<String, String>> texts) {
        return new TextFlags(texts);
    }

    @Override
    public FlagSource now() {
        Map<String, String> moment = new HashMap<>(texts.get());
        return new TextFlags(() -> moment);
    }

    private <T> Optional<T> read(String name, Function<String, T> reading) {
        @Nullable String text = texts.get().get(name);
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.apply(text.strip()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the flag '" + name + "' cannot be '" + text + "': " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Phase> requestedPhase() {
        return read(PHASE, TextFlags::phase);
    }

    /** A phase by its name, in letters of either case, or by the name of a migration stage. */
    private static Phase phase(String text) {
        return Arrays.stream(Phase.values())
                .filter(phase -> phase.name().equalsIgnoreCase(text))
                .findFirst()
                .or(() -> Phase.ofMigrationStage(text))
                .orElseThrow(() -> new IllegalArgumentException("allowed are " + Arrays.toString(Phase.values())
                        + ", and off, dualwrite, shadow, live, rampdown, complete"));
    }

    @Override
    public boolean hold() {
        return read(HOLD, TextFlags::on).orElse(false);
    }

    @Override
    public boolean kill() {
        return read(KILL, TextFlags::on).orElse(false);
    }

    private static boolean on(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "true", "1" -> true;
            case "off", "false", "0" -> false;
            default -> throw new IllegalArgumentException("allowed are on, true, 1, off, false, 0");
        };
    }

    @Override
    public OptionalDouble readPercent() {
        return percent(READ_PERCENT);
    }

    @Override
    public OptionalDouble sampling() {
        return percent(SAMPLING);
    }

    private OptionalDouble percent(String name) {
        return read(name, Double::parseDouble).map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }

    @Override
    public Map<String, Set<String>> readCohort() {
        return read(READ_COHORT, TextFlags::members).orElseGet(Map::of);
    }

    /** Members by attribute, as {@code tenant=a,b;region=north}. */
    static Map<String, Set<String>> members(String text) {
        Map<String, Set<String>> members = new HashMap<>();
        for (String part : text.split(";", -1)) {
            String[] both = part.split("=", 2);
            Set<String> values = both.length < 2
                    ? Set.of()
                    : Arrays.stream(both[1].split(",", -1))
                            .map(String::strip)
                            .filter(value -> !value.isEmpty())
                            .collect(Collectors.toSet());
            if (values.isEmpty() || both[0].isBlank() || members.put(both[0].strip(), values) != null) {
                throw new IllegalArgumentException("allowed is each attribute once, as tenant=a,b;region=north");
            }
        }
        return members;
    }

    @Override
    public boolean paused() {
        return read(PACE, TextFlags::pause).orElse(false);
    }

    private static boolean pause(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "pause" -> true;
            case "run" -> false;
            default -> throw new IllegalArgumentException("allowed are pause and run");
        };
    }
}
