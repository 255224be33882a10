package dev.dualwrite.campaign;

import java.util.List;
import java.util.Random;

/** Chance that can be repeated. For one thread. */
final class Draw {
    private final long seed;
    private final Random random;

    Draw(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** Chance of its own for a part, so that one part does not change what another draws. */
    Draw part(String name) {
        return new Draw(seed * 1_000_003L + name.hashCode());
    }

    /** Both ends included. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T of(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    @SafeVarargs
    final <T> T of(T... some) {
        return some[random.nextInt(some.length)];
    }
}
