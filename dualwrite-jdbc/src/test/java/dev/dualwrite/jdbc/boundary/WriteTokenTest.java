package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteTokenTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 1_795_814_486_123L, 281_474_976_710_655L})
    void itTravelsAsText(long millis) {
        assertThat(WriteToken.parse(WriteToken.text(millis)).millis()).isEqualTo(millis);
        assertThat(WriteToken.text(millis)).matches("[a-z0-9-]{4,15}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "w1-", "w2-abc", "w1-ABC", "w1--5", "w1-zzzzzzzzzzzz"})
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> WriteToken.parse(text))
                .isInstanceOf(DualWriteException.class)
                .hasMessageContaining("DW-1000");
    }

    @Test
    void whoWroteNothingHasNone() {
        assertThat(new Work().ended().newest()).isZero();
    }
}
