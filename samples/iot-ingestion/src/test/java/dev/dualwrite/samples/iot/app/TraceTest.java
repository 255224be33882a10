package dev.dualwrite.samples.iot.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.samples.iot.BadOptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceTest {
    @TempDir
    Path folder;

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("trace.csv"), java.util.List.of(lines));
    }

    @Test
    void devicesAreNumberedAsTheyAppearAndTheirLinesKeepTheirOrder() throws IOException {
        Trace trace = Trace.read(
                file("device,epoch_millis,value", "boiler, 1000, 21.5", "pump,1001,-0.125", "", "boiler,1002,21.4999"));
        assertThat(trace.devices()).isEqualTo(2);
        assertThat(trace.readings())
                .containsExactly(
                        new Trace.Reading(1, 1000, 21_500),
                        new Trace.Reading(2, 1001, -125),
                        new Trace.Reading(1, 1002, 21_500));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,1          | line 2 must have three columns",
                "a,1,2,3      | line 2 must have three columns",
                "a,soon,2     | line 2 must hold a whole number of milliseconds and a decimal number",
                "a,1,warm     | line 2 must hold a whole number of milliseconds and a decimal number",
                "a,1,1e12     | line 2 has a value beyond a thousand million"
            })
    void aLineThatIsNoneIsNamed(String line, String message) throws IOException {
        Path file = file("device,epoch_millis,value", line.strip());
        assertThatThrownBy(() -> Trace.read(file))
                .isInstanceOf(BadOptionException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aFileWithoutTheHeadingIsRefused() throws IOException {
        Path file = file("a,1,2");
        assertThatThrownBy(() -> Trace.read(file)).hasMessageContaining("line 1 must be the heading");
    }

    @Test
    void aSingleDeviceIsTooFew() throws IOException {
        Path file = file("device,epoch_millis,value", "a,1,2");
        assertThatThrownBy(() -> Trace.read(file)).hasMessageContaining("at least 2");
    }
}
