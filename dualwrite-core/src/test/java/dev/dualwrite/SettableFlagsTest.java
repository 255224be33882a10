package dev.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettableFlagsTest {

    @Test
    void wishesForNothingUntilItIsTold() {
        SettableFlags flags = new SettableFlags();
        assertThat(flags.requestedPhase()).isEmpty();
        assertThat(flags.hold()).isFalse();
        assertThat(flags.kill()).isFalse();
    }

    @Test
    void saysWhatItWasToldLast() {
        SettableFlags flags = new SettableFlags();
        flags.request(Phase.DUAL_WRITE);
        flags.request(Phase.REVERSE_WINDOW);
        flags.hold(true);
        flags.kill(true);
        assertThat(flags.requestedPhase()).contains(Phase.REVERSE_WINDOW);
        assertThat(flags.hold()).isTrue();
        assertThat(flags.kill()).isTrue();
        flags.withdraw();
        assertThat(flags.requestedPhase()).isEmpty();
    }
}
