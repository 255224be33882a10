package dev.dualwrite.testkit.history;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/**
 * Draws histories for jqwik properties. What fails shrinks to fewer steps first, then to simpler ones: earlier in {@link Kind},
 * by the first client, of the first keys. Steps that can do nothing where they stand are left out. Immutable.
 *
 * <p>A parameter {@code @ForAll History} is drawn by {@link #any()} as it is.
 */
public final class Histories {
    private final int clients;
    private final int keys;
    private final int steps;
    private final Set<Kind> kinds;

    private Histories(int clients, int keys, int steps, Set<Kind> kinds) {
        this.clients = clients;
        this.keys = keys;
        this.steps = steps;
        this.kinds = EnumSet.copyOf(kinds);
    }

    /** Of all kinds of steps, at most 24 of them, by two clients with four keys each. */
    public static Histories any() {
        return new Histories(2, 4, 24, EnumSet.allOf(Kind.class));
    }

    /** By so many clients at most, 1 to {@value Step#MOST_CLIENTS}. */
    public Histories clients(int most) {
        return new Histories(within(most, 1, Step.MOST_CLIENTS, "clients"), keys, steps, kinds);
    }

    /** With so many keys for each client at most, 2 to {@value Step#MOST_KEYS}. Few keys are met often. */
    public Histories keys(int most) {
        return new Histories(clients, within(most, 2, Step.MOST_KEYS, "keys"), steps, kinds);
    }

    /** Of so many steps at most, 1 to 1000. */
    public Histories steps(int most) {
        return new Histories(clients, keys, within(most, 1, 1000, "steps"), kinds);
    }

    /** Of these kinds only. */
    public Histories only(Kind first, Kind... others) {
        return new Histories(clients, keys, steps, EnumSet.of(first, others));
    }

    /** Of the kinds so far but these. At least one has to be left. */
    public Histories without(Kind... unwanted) {
        Set<Kind> left = EnumSet.copyOf(kinds);
        Arrays.asList(unwanted).forEach(left::remove);
        if (left.isEmpty()) {
            throw new IllegalArgumentException("no kind of step is left of " + kinds);
        }
        return new Histories(clients, keys, steps, left);
    }

    private static int within(int given, int least, int most, String what) {
        if (given < least || given > most) {
            throw new IllegalArgumentException(given + " " + what + ": allowed are " + least + " to " + most);
        }
        return given;
    }

    /** To be combined with jqwik's other arbitraries. */
    public Arbitrary<History> arbitrary() {
        List<Tuple2<Integer, Kind>> weighted =
                kinds.stream().map(kind -> Tuple.of(kind.weight(), kind)).toList();
        Arbitrary<Integer> key =
                Arbitraries.integers().between(0, keys - 1).withDistribution(RandomDistribution.uniform());
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.frequency(weighted), Arbitraries.integers().between(0, clients - 1), key, key)
                .as((kind, client, one, other) -> new Step(
                        kind, kind.ofClient() ? client : 0, List.of(one, other).subList(0, kind.keys())));
        return step.list()
                .ofMinSize(1)
                .ofMaxSize(steps)
                .withSizeDistribution(RandomDistribution.uniform())
                .map(drawn -> new History(drawn).simplified())
                .withoutEdgeCases();
    }
}
