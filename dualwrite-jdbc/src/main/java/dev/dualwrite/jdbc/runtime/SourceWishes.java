package dev.dualwrite.jdbc.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.Cohort;
import dev.dualwrite.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the host's flag source says, and what of it is a wish: what it has come to say since it was first asked, and that was not
 * granted yet. A wish that is over does not undo what is decided later. Thread-safe.
 */
final class SourceWishes {
    private static final Logger LOG = LoggerFactory.getLogger(SourceWishes.class);

    // Each is written by the thread that asks and read by others; a stale value is a late wish.
    private volatile boolean killed;
    private volatile boolean held;
    private volatile boolean paused;
    private volatile OptionalDouble sampling = OptionalDouble.empty();

    @GuardedBy("this") private final Steady<Boolean> kill = new Steady<>();

    @GuardedBy("this") private final Steady<Boolean> hold = new Steady<>();

    @GuardedBy("this") private final Steady<Optional<Phase>> phases = new Steady<>();

    @GuardedBy("this") private final Steady<OptionalDouble> shares = new Steady<>();

    @GuardedBy("this") private final Steady<Map<String, Set<String>>> cohorts = new Steady<>();

    /** What it said last, acted upon or not. */
    @GuardedBy("this") private Optional<Phase> says = Optional.empty();

    /** What it said when it was first asked, or what was granted last; only a change is a wish. */
    @GuardedBy("this") private Optional<Optional<Phase>> baseline = Optional.empty();

    @GuardedBy("this") private Optional<Phase> wish = Optional.empty();

    @GuardedBy("this") private OptionalDouble saysShare = OptionalDouble.empty();

    @GuardedBy("this") private Optional<OptionalDouble> shareBaseline = Optional.empty();

    @GuardedBy("this") private OptionalDouble shareWish = OptionalDouble.empty();

    /** The largest share that it has named since it last named none. */
    @GuardedBy("this") private double largest;

    /** Those that it named when it was first asked, or that were taken in since. */
    @GuardedBy("this") private Optional<Map<String, Set<String>>> membersBaseline = Optional.empty();

    @GuardedBy("this") private Map<String, Set<String>> membersWish = Map.of();

    /** Those that it has named and names no more. */
    @GuardedBy("this") private Map<String, Set<String>> dropped = Map.of();

    @GuardedBy("this") private List<String> wrong = List.of();

    @GuardedBy("this") private boolean complained;

    boolean killed() {
        return killed;
    }

    boolean held() {
        return held;
    }

    boolean paused() {
        return paused;
    }

    OptionalDouble sampling() {
        return sampling;
    }

    /** @param inForce the phase that the fence says */
    synchronized void hear(Said said, Phase inForce) {
        said.kill().ifPresent(on -> killed = stays(kill, on, killed));
        said.hold().ifPresent(on -> held = stays(hold, on, held));
        said.phase().ifPresent(phase -> hear(phase, inForce));
        said.readPercent().ifPresent(this::hearShare);
        said.readCohort().ifPresent(this::hearMembers);
        said.sampling().ifPresent(percent -> sampling = percent);
        said.paused().ifPresent(on -> paused = on);
        wrong = said.wrong();
        if (wrong.isEmpty()) {
            complained = false;
        } else if (!complained) {
            complained = true;
            LOG.warn(
                    "DW-5010 the flag source failed; what it was asked for stays what it is: {}",
                    String.join("; ", wrong));
        }
    }

    /** What stops something stops it at once; what lets it go on has to be said steadily. */
    private static boolean stays(Steady<Boolean> steady, boolean on, boolean before) {
        steady.hear(on);
        return on || (before && !steady.settled().equals(Optional.of(false)));
    }

    @GuardedBy("this") private void hear(Optional<Phase> phase, Phase inForce) {
        says = phase;
        phases.hear(phase);
        if (baseline.isEmpty()) {
            baseline = Optional.of(phase);
            if (phase.isPresent() && phase.get() != inForce) {
                LOG.warn(
                        "DW-5009 the flag source wishes for {} at start-up while {} is in force; the fence decides,"
                                + " change the flag to make it a wish",
                        phase.get(),
                        inForce);
            }
        }
        if (!phase.equals(wish)) {
            wish = Optional.empty(); // it is not said any more
        }
        Optional<Optional<Phase>> settled = phases.settled();
        if (settled.isPresent() && !settled.equals(baseline)) {
            wish = settled.get().filter(wished -> wished != inForce);
            // whoever says nothing takes his wish back; when he says the same again, it is the one that was answered
            if (wish.isEmpty() && settled.get().isPresent()) {
                baseline = settled;
            }
        }
    }

    @GuardedBy("this") private void hearShare(OptionalDouble share) {
        saysShare = share;
        shares.hear(share);
        if (shareBaseline.isEmpty()) {
            shareBaseline = Optional.of(share);
            largest = share.orElse(0);
        }
        if (!share.equals(shareWish)) {
            shareWish = OptionalDouble.empty();
        }
        Optional<OptionalDouble> settled = shares.settled();
        if (settled.isPresent() && !settled.equals(shareBaseline)) {
            shareWish = settled.get();
            largest = Math.max(largest, share.orElse(0));
            if (share.isEmpty()) {
                shareBaseline = settled;
            }
        }
    }

    @GuardedBy("this") private void hearMembers(Map<String, Set<String>> members) {
        cohorts.hear(members);
        if (membersBaseline.isEmpty()) {
            membersBaseline = Optional.of(members);
        }
        cohorts.settled().ifPresentOrElse(this::settle, () -> membersWish = Map.of());
    }

    @GuardedBy("this") private void settle(Map<String, Set<String>> members) {
        Map<String, Set<String>> before = membersBaseline.orElse(Map.of());
        dropped = without(with(dropped, before), members);
        membersWish = without(members, before);
        membersBaseline = Optional.of(without(members, membersWish));
    }

    private static Map<String, Set<String>> without(Map<String, Set<String>> some, Map<String, Set<String>> others) {
        Map<String, Set<String>> rest = new HashMap<>();
        some.forEach((attribute, values) -> {
            Set<String> left = new HashSet<>(values);
            left.removeAll(others.getOrDefault(attribute, Set.of()));
            if (!left.isEmpty()) {
                rest.put(attribute, left);
            }
        });
        return rest;
    }

    private static Map<String, Set<String>> with(Map<String, Set<String>> some, Map<String, Set<String>> others) {
        Map<String, Set<String>> all = new HashMap<>();
        List.of(some, others)
                .forEach(each -> each.forEach((attribute, values) ->
                        all.computeIfAbsent(attribute, any -> new HashSet<>()).addAll(values)));
        return all;
    }

    /** The phase that it has come to ask for. */
    synchronized Optional<Phase> wish() {
        return wish;
    }

    /** A phase was entered because it was wished for: the wish is over and must not undo a later decision. */
    synchronized void fulfilled(Phase phase) {
        if (wish.equals(Optional.of(phase))) {
            baseline = Optional.of(wish);
            wish = Optional.empty();
        }
    }

    /** The share that it has come to ask for. */
    synchronized OptionalDouble shareWish() {
        return shareWish;
    }

    /** Whether a wish for nobody comes after one for more. */
    synchronized boolean hadMore() {
        return largest > 0;
    }

    /** Nothing is left to be done about a share. */
    synchronized void settledShare(double share) {
        if (shareWish.equals(OptionalDouble.of(share))) {
            shareBaseline = Optional.of(shareWish);
            shareWish = OptionalDouble.empty();
            largest = share;
        }
    }

    /** The members that it has come to ask for. */
    synchronized Map<String, Set<String>> membersWish() {
        return membersWish;
    }

    /** These were taken in. */
    synchronized void settledMembers(Map<String, Set<String>> members) {
        membersBaseline = membersBaseline.map(before -> with(before, members));
        membersWish = without(membersWish, members);
    }

    /** Whether there is something to be said about the cohort. */
    synchronized boolean namesReaders() {
        return saysShare.isPresent() || !membersWish.isEmpty() || !dropped.isEmpty();
    }

    /** What of it is not in force, and why. */
    synchronized List<String> differing(Phase inForce, Cohort cohort) {
        List<String> differing = new ArrayList<>();
        says.filter(phase -> phase != inForce)
                .ifPresent(phase -> differing.add(
                        wish.equals(Optional.of(phase))
                                ? "the flag source wishes for " + phase + noWay(inForce, phase)
                                : phases.settled().isEmpty()
                                        ? "the flag source says " + phase
                                                + ", which is no wish before it has said so three times in a row"
                                        : "the flag source says " + phase
                                                + ", which is no wish, for it has not changed since the start or since it was"
                                                + " granted: the fence decides (DW-5009)"));
        readers(inForce, cohort).ifPresent(differing::add);
        Map<String, Set<String>> stay = new TreeMap<>(dropped);
        stay.replaceAll((attribute, values) -> {
            Set<String> both = new TreeSet<>(values);
            both.retainAll(cohort.members().getOrDefault(attribute, Set.of()));
            return both;
        });
        stay.values().removeIf(Set::isEmpty);
        if (!stay.isEmpty()) {
            differing.add("the flag source does not name " + stay
                    + " any more, who belong to the cohort until it is reset (DW-5027)");
        }
        if (!membersWish.isEmpty()) {
            differing.add("the flag source wishes for readers of " + membersWish + ", who are taken in in TARGET_READ");
        }
        Map<String, Steady<?>> all =
                Map.of("kill", kill, "hold", hold, "phase", phases, "share of readers", shares, "readers", cohorts);
        new TreeMap<>(all).forEach((name, steady) -> {
            if (steady.contradictory()) {
                differing.add("the flag source keeps changing its mind about the " + name
                        + ": nothing goes on by it before it has made that up (DW-5026)");
            }
        });
        if (!wrong.isEmpty()) {
            differing.add("the flag source failed, and what it was asked for stays what it is (DW-5010): "
                    + String.join("; ", wrong));
        }
        return differing;
    }

    /** What is to be said of a wish to which no step leads. */
    static String noWay(Phase inForce, Phase wish) {
        return inForce.wayTo(wish) == Phase.Way.NONE ? ", to which no step leads from " + inForce + " (DW-5027)" : "";
    }

    @GuardedBy("this") private Optional<String> readers(Phase inForce, Cohort cohort) {
        if (saysShare.isEmpty() || saysShare.getAsDouble() == cohort.percent()) {
            return Optional.empty();
        }
        double share = saysShare.getAsDouble();
        if (inForce.reads() != Phase.Reads.COHORT) {
            return shareWish.isPresent()
                    ? Optional.of("the flag source wishes for " + share
                            + "% of the readers, which begins to count in TARGET_READ")
                    : Optional.empty();
        }
        if (shareWish.isPresent()) {
            return Optional.of("the flag source wishes for " + share + "% of the readers");
        }
        return Optional.of(
                share < cohort.percent()
                        ? "the flag source says " + share + "% of the readers, and " + cohort.percent()
                                + "% belong to the cohort, which only grows until it is reset (DW-5027)"
                        : "the flag source says " + share
                                + "% of the readers, which is no wish, for it has not changed since"
                                + " the start or since it was granted: " + cohort.percent() + "% belong to the cohort"
                                + " (DW-5027)");
    }
}
