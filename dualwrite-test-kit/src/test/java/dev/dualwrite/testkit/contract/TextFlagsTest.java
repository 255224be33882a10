package dev.dualwrite.testkit.contract;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import dev.dualwrite.TextFlags;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Flags that are texts by name keep the contract. */
class TextFlagsTest extends FlagSourceContract {
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final TextFlags flags = TextFlags.of(() -> texts);

    private void set(String name, Optional<String> text) {
        text.ifPresentOrElse(value -> texts.put(name, value), () -> texts.remove(name));
    }

    @Override
    protected FlagSource flags() {
        return flags;
    }

    @Override
    protected void request(Optional<Phase> wished) {
        set(TextFlags.PHASE, wished.map(Phase::name));
    }

    @Override
    protected void hold(boolean on) {
        set(TextFlags.HOLD, Optional.of(on ? "on" : "off"));
    }

    @Override
    protected void kill(boolean on) {
        set(TextFlags.KILL, Optional.of(String.valueOf(on)));
    }

    @Override
    protected boolean names() {
        return true;
    }

    @Override
    protected void readers(
            OptionalDouble percent, Map<String, Set<String>> members, OptionalDouble sampling, boolean paused) {
        set(TextFlags.READ_PERCENT, percent.stream().mapToObj(String::valueOf).findFirst());
        set(
                TextFlags.READ_COHORT,
                Optional.of(members.entrySet().stream()
                                .map(member -> member.getKey() + "=" + String.join(",", member.getValue()))
                                .collect(Collectors.joining("; ")))
                        .filter(text -> !text.isEmpty()));
        set(TextFlags.SAMPLING, sampling.stream().mapToObj(String::valueOf).findFirst());
        set(TextFlags.PACE, Optional.of(paused ? "pause" : "run"));
    }
}
