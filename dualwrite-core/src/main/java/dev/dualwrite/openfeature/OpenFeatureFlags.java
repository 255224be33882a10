package dev.dualwrite.openfeature;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import dev.dualwrite.TextFlags;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.FlagEvaluationDetails;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A {@link FlagSource} of an OpenFeature client: of any provider. The flags are named as the constants of {@link TextFlags}, after a
 * prefix. {@code phase} and {@code read-cohort} are strings, as there; {@code read-percent} and {@code sampling} are doubles;
 * {@code hold} and {@code kill} are booleans; {@code pace} is a string, {@code pause} or {@code run}.
 *
 * <p>A flag that the provider does not know has no opinion, and so has a blank string. Any other error of an evaluation (the provider
 * is not ready, fails, or has a flag of another type) is thrown as an {@link IllegalStateException}: what is asked for then stays as it was,
 * and is reported. The evaluation context is the client's. Thread-safe, as the client is.
 */
@SuppressWarnings("exports") // whoever has a client has its module
public final class OpenFeatureFlags implements FlagSource {
    private static final String PREFIX = "dualwrite.";

    private final Client client;
    private final String prefix;

    private OpenFeatureFlags(Client client, String prefix) {
        this.client = Objects.requireNonNull(client);
        this.prefix = Objects.requireNonNull(prefix);
    }

    /** Flags named {@code dualwrite.phase} and so on. */
    public static OpenFeatureFlags of(Client client) {
        return of(client, PREFIX);
    }

    /** Flags whose names begin otherwise: with the name of the migration, if there are several. */
    public static OpenFeatureFlags of(Client client, String prefix) {
        return new OpenFeatureFlags(client, prefix);
    }

    private static <T> T value(FlagEvaluationDetails<T> details, T none) {
        ErrorCode error = details.getErrorCode();
        if (error == null) {
            return details.getValue();
        }
        if (error == ErrorCode.FLAG_NOT_FOUND) {
            return none;
        }
        throw new IllegalStateException(
                "the flag " + details.getFlagKey() + ": " + error + " " + details.getErrorMessage());
    }

    private TextFlags text(String name) {
        String text = value(client.getStringDetails(prefix + name, ""), "");
        return TextFlags.of(() -> Map.of(name, text));
    }

    private boolean on(String name) {
        return value(client.getBooleanDetails(prefix + name, false), false);
    }

    private OptionalDouble number(String name) {
        double number = value(client.getDoubleDetails(prefix + name, Double.NaN), Double.NaN);
        return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    @Override
    public Optional<Phase> requestedPhase() {
        return text(TextFlags.PHASE).requestedPhase();
    }

    @Override
    public boolean hold() {
        return on(TextFlags.HOLD);
    }

    @Override
    public boolean kill() {
        return on(TextFlags.KILL);
    }

    @Override
    public OptionalDouble readPercent() {
        return number(TextFlags.READ_PERCENT);
    }

    @Override
    public Map<String, Set<String>> readCohort() {
        return text(TextFlags.READ_COHORT).readCohort();
    }

    @Override
    public OptionalDouble sampling() {
        return number(TextFlags.SAMPLING);
    }

    @Override
    public boolean paused() {
        return text(TextFlags.PACE).paused();
    }
}
