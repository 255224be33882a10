package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Cohort;
import dev.dualwrite.jdbc.control.InstanceTable.Instance;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The instances as one side's registry has them, and whether they agree. */
final class Registry {
    /** Clocks that are further apart are told. */
    private static final Duration APART = Duration.ofSeconds(2);

    private final List<Instance> instances;
    private final Duration heartbeatTimeout;
    private final Duration expiry;

    Registry(List<Instance> instances, Duration heartbeatTimeout, Duration expiry) {
        this.instances = instances;
        this.heartbeatTimeout = heartbeatTimeout;
        this.expiry = expiry;
    }

    /** What is known of an instance's presence. */
    enum Presence {
        /** It writes its heartbeat. */
        ALIVE,
        /** It has not for longer than the heartbeat timeout, and has not signed off. */
        SILENT,
        /** It has been silent for so long that it counts as gone. */
        EXPIRED,
        /** An operator has said that it is gone. */
        EXCLUDED
    }

    Presence presence(Instance instance) {
        if (instance.silent().compareTo(heartbeatTimeout) < 0) {
            return Presence.ALIVE;
        }
        if (instance.excluded().isPresent()) {
            return Presence.EXCLUDED;
        }
        return instance.silent().compareTo(expiry) < 0 ? Presence.SILENT : Presence.EXPIRED;
    }

    /** What is wrong with the instances that are there. */
    Optional<String> wrong(long epoch, String configuration) {
        List<String> wrong = new ArrayList<>();
        String behind = those(Presence.ALIVE, instance -> instance.epoch() < epoch).stream()
                .map(instance -> instance.name() + " acts by epoch " + instance.epoch())
                .collect(Collectors.joining(", "));
        if (!behind.isEmpty()) {
            wrong.add("the epoch is " + epoch + ", but " + behind);
        }
        for (Instance silent : those(Presence.SILENT, instance -> true)) {
            wrong.add(silent.name() + " has been silent for " + seconds(silent.silent())
                    + " and has not signed off: end it for good; then it counts as gone in "
                    + seconds(expiry.minus(silent.silent())) + ", or at once by excludeInstance");
        }
        name(
                wrong,
                "configured with other tables or settings than this instance: ",
                instance -> !instance.beat().configuration().equals(configuration),
                " (or other invariants or idempotency keys; or started before a table was changed)");
        name(
                wrong,
                "drawing readers by another function than this instance: ",
                instance -> !instance.beat().cohortFunction().equals(Cohort.FUNCTION),
                "");
        String others = those(
                        Presence.ALIVE,
                        instance -> !Version.fits(instance.beat().version()))
                .stream()
                .map(instance -> instance.name() + " (" + instance.beat().version() + ")")
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            wrong.add("of a version that does not fit " + Version.STRING + ": " + others);
        }
        return wrong.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", wrong));
    }

    /** What is odd about them, and closes nothing. */
    List<String> remarks(boolean capturing) {
        List<String> remarks = new ArrayList<>();
        those(Presence.ALIVE, instance -> instance.ahead().abs().compareTo(APART) > 0)
                .forEach(instance -> remarks.add("the clock of " + instance.name() + " is "
                        + seconds(instance.ahead().abs())
                        + (instance.ahead().isNegative() ? " behind" : " ahead of") + " the server's"));
        String idle = those(Presence.ALIVE, instance -> instance.beat().writes() == 0).stream()
                .map(Instance::name)
                .collect(Collectors.joining(", "));
        if (capturing && !idle.isEmpty()) {
            remarks.add("no change was captured since they started by " + idle);
        }
        return remarks;
    }

    private void name(List<String> wrong, String before, Predicate<Instance> which, String after) {
        String names = those(Presence.ALIVE, which).stream().map(Instance::name).collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            wrong.add(before + names + after);
        }
    }

    private List<Instance> those(Presence presence, Predicate<Instance> which) {
        return instances.stream()
                .filter(instance -> presence(instance) == presence && which.test(instance))
                .toList();
    }

    private static String seconds(Duration duration) {
        return duration.truncatedTo(ChronoUnit.MILLIS).toMillis() / 1000.0 + " s";
    }
}
