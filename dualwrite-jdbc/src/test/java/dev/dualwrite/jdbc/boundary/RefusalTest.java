package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RefusalTest {

    @Test
    void everyCodeIsItsOwn() {
        assertThat(Arrays.stream(Refusal.values()).map(Refusal::code))
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("DW-2\\d{3}"));
    }

    @Test
    void aRefusalSaysWhatWhyAndWhatInstead() {
        Throwable refused = Refusal.TRUNCATE.exception("TRUNCATE of order_line");
        assertThat(refused)
                .hasMessage("DW-2011 TRUNCATE of order_line refused: TRUNCATE removes rows without naming them."
                        + " Instead: use DELETE.")
                .extracting("SQLState", STRING)
                .isEqualTo("0A000");
    }
}
