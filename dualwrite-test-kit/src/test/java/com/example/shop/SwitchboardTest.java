package com.example.shop;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import dev.dualwrite.testkit.contract.FlagSourceContract;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

class SwitchboardTest extends FlagSourceContract {
    private final Map<String, String> switches = new ConcurrentHashMap<>();

    @Override
    protected FlagSource flags() {
        return new Switchboard(switches);
    }

    @Override
    protected void request(Optional<Phase> wished) {
        wished.ifPresentOrElse(phase -> switches.put("phase", phase.name()), () -> switches.remove("phase"));
    }

    @Override
    protected void hold(boolean on) {
        switches.put("hold", String.valueOf(on));
    }

    @Override
    protected void kill(boolean on) {
        switches.put("kill", String.valueOf(on));
    }

    record Switchboard(Map<String, String> switches) implements FlagSource {
        @Override
        public Optional<Phase> requestedPhase() {
            return Optional.ofNullable(switches.get("phase")).map(Phase::valueOf);
        }

        @Override
        public boolean hold() {
            return Boolean.parseBoolean(switches.get("hold"));
        }

        @Override
        public boolean kill() {
            return Boolean.parseBoolean(switches.get("kill"));
        }
    }
}
