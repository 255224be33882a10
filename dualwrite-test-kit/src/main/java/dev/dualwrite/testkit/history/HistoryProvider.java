package dev.dualwrite.testkit.history;

import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Lets jqwik draw parameters of the type {@link History}; found by the service loader. */
public final class HistoryProvider implements ArbitraryProvider {
    /** For the service loader. */
    public HistoryProvider() {}

    @Override
    public boolean canProvideFor(TypeUsage type) {
        return type.isOfType(History.class);
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        return Set.of(Histories.any().arbitrary());
    }
}
