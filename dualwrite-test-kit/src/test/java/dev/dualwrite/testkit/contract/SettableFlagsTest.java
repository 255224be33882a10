package dev.dualwrite.testkit.contract;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import dev.dualwrite.SettableFlags;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The flags that come with the library keep their contract. */
class SettableFlagsTest extends FlagSourceContract {
    private final SettableFlags flags = new SettableFlags();

    @Override
    protected FlagSource flags() {
        return flags;
    }

    @Override
    protected void request(Optional<Phase> wished) {
        wished.ifPresentOrElse(flags::request, flags::withdraw);
    }

    @Override
    protected void hold(boolean on) {
        flags.hold(on);
    }

    @Override
    protected void kill(boolean on) {
        flags.kill(on);
    }

    @Override
    protected boolean names() {
        return true;
    }

    @Override
    protected void readers(
            OptionalDouble percent, Map<String, Set<String>> members, OptionalDouble sampling, boolean paused) {
        percent.ifPresentOrElse(flags::readPercent, flags::withdrawReadPercent);
        flags.readCohort(members);
        sampling.ifPresentOrElse(flags::sampling, flags::withdrawSampling);
        flags.pause(paused);
    }
}
