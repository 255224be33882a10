package dev.dualwrite.samples.iot.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {

    @Test
    void ofNothingEveryPercentileIsZero() {
        assertThat(new Histogram().percentile(99)).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 17, 31, 32, 999, 1_000, 65_535, 1_000_000, 3_600_000_000L})
    void aLatencyIsToldToWithinSixPercentAndNeverTooLow(long micros) {
        Histogram histogram = new Histogram();
        histogram.add(Duration.ofNanos(micros * 1_000));
        long told = histogram.percentile(50).toNanos() / 1_000;
        assertThat(told).isBetween(micros, micros + micros / 15 + 1);
    }

    @Test
    void percentilesAreThoseOfTheRanks() {
        Histogram histogram = new Histogram();
        for (int millis = 1; millis <= 100; millis++) {
            histogram.add(Duration.ofMillis(millis));
        }
        assertThat(histogram.percentile(50).toMillis()).isBetween(50L, 53L);
        assertThat(histogram.percentile(99).toMillis()).isBetween(99L, 105L);
        assertThat(histogram.percentile(100).toMillis()).isBetween(100L, 107L);
    }

    @Test
    void whatIsSentArrives() {
        Histogram latencies = new Histogram();
        latencies.add(Duration.ofMillis(3));
        latencies.add(Duration.ofSeconds(3));
        Sample sample = new Sample(10, 7, 1, 1, 1, 4, 3, Map.of("08S01", 2L, "HY000", 1L), 1, 0, latencies);
        Sample heard = Sample.decode(sample.encode());
        assertThat(heard.encode()).isEqualTo(sample.encode());
        assertThat(heard.errorCount()).isEqualTo(3);
        assertThat(heard.latencies().count()).isEqualTo(2);
        assertThat(Sample.decode(Sample.none().encode()).encode())
                .isEqualTo(Sample.none().encode());
    }

    @Test
    void twoProcessesTogetherAreTheSum() {
        Sample one = new Sample(1, 1, 0, 0, 0, 2, 1, Map.of("08S01", 2L), 0, 0, new Histogram());
        Sample both = one.plus(one);
        assertThat(both.writes()).isEqualTo(2);
        assertThat(both.errors()).containsEntry("08S01", 4L);
    }
}
