package dev.dualwrite.samples.iot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionParserTest {

    @Test
    void withoutArgumentsThereAreAtLeastTwoHundredThousandRowsAndThousandsOfDevices() {
        Options options = OptionParser.parse(List.of());
        assertThat(options.history()).isGreaterThanOrEqualTo(200_000);
        assertThat(options.devices()).isGreaterThanOrEqualTo(2_000);
        assertThat(options.duration()).isEqualTo(Duration.ofMinutes(2));
        assertThat(options.plant()).isEqualTo(Plant.NOTHING);
    }

    @Test
    void aValueFollowsItsNameOrAnEqualsSign() {
        Options options =
                OptionParser.parse(List.of("--devices=5", "--threads", "3", "--duration", "30m", "--plant", "lost"));
        assertThat(options.devices()).isEqualTo(5);
        assertThat(options.threads()).isEqualTo(3);
        assertThat(options.duration()).isEqualTo(Duration.ofMinutes(30));
        assertThat(options.plant()).isEqualTo(Plant.LOST);
    }

    @Test
    void whatIsTypedAgainGivesTheSameOptions() {
        Options options = OptionParser.parse(List.of("--seed", "-7", "--rate", "11", "--plant", "changed"));
        assertThat(OptionParser.parse(List.of(options.asTyped().split(" ", -1))))
                .isEqualTo(options);
    }

    @Test
    void secretsOfUrlsAreNotRepeated() {
        Options options = OptionParser.parse(List.of(
                "--source-url", "jdbc:mysql://a/?password=hush", "--target-url", "jdbc:mysql://b/?password=hush"));
        assertThat(options.asTyped() + options).doesNotContain("hush");
        assertThatThrownBy(() -> OptionParser.parse(List.of("--source-url", "hush", "--target-url", "hush")))
                .hasMessageStartingWith("--source-url")
                .hasMessageNotContaining("hush");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--devices 1         | --devices is '1'; it must be 2 to 1000000",
                "--devices many      | --devices is 'many'; it must be a whole number",
                "--duration 2 parsec | 'parsec' is no option: see --help for those there are",
                "--duration 2w       | --duration is '2w'; it must be a whole number with s, m or h behind it: 90s, 2m, 1h",
                "--duration 3s       | --duration is '3s'; it must be 15s to 24h: the outage and the stops alone take seconds",
                "--seed              | --seed is the last argument and needs a value: see --help",
                "--seed 1 --seed 2   | --seed is given twice: leave one out",
                "--faster            | '--faster' is no option: see --help for those there are",
                "--faster=1          | '--faster' is no option: see --help for those there are",
                "--plant roses       | --plant is 'roses'; it must be lost or changed",
                "--source-url jdbc:mysql://a/ | --source-url and --target-url go together: --target-url is missing"
            })
    void aBadOptionIsRefusedWithWhatIsAllowed(String arguments, String message) {
        assertThatThrownBy(() -> OptionParser.parse(List.of(arguments.split(" ", -1))))
                .isInstanceOf(BadOptionException.class)
                .hasMessage(message);
    }

    @Test
    void everyOptionStandsInTheHelp() {
        assertThat(OptionParser.HELP)
                .contains("--duration", "--devices", "--threads", "--rate", "--history", "--seed", "--source-url")
                .contains("--target-url", "--trace", "--report", "--plant", "--plain", "--help");
    }
}
