package dev.dualwrite.samples.iot.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FenceState;
import dev.dualwrite.Ownership;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.samples.iot.operate.Activity;
import dev.dualwrite.samples.iot.operate.Event;
import dev.dualwrite.samples.iot.operate.Snapshot;
import dev.dualwrite.samples.iot.stats.Sample;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewTest {
    private static final String ESCAPE = "\u001b";
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Snapshot at(long millis) {
        return new Snapshot(
                Duration.ofMillis(millis),
                new Ownership(Side.SOURCE, FenceState.OPEN, Phase.DUAL_WRITE, 2),
                298.4,
                Optional.of(Duration.ofMillis(4)),
                Optional.of(Duration.ofMillis(1_234)),
                7,
                Duration.ofMillis(12),
                "CLOSED",
                Optional.of(new Activity("backfill", 50_000, 200_000, 12_345, Optional.of(Duration.ofSeconds(12)))),
                Sample.none());
    }

    @Test
    void aPlainLineTellsEverythingWithoutControlCharacters() {
        new PlainView(out, 0).show(at(65_500));
        assertThat(printed())
                .contains("01:05.5", "DUAL_WRITE", "SOURCE owns", "epoch 2", "298 writes/s", "p50 4.0 ms", "p99 1.2 s")
                .contains("lag 12 ms", "queue 7", "backfill 25 %", "ETA 12 s", "12,345 rows/s")
                .doesNotContain(ESCAPE);
    }

    @Test
    void plainLinesComeOnceASecondAndEventsAtOnce() {
        PlainView view = new PlainView(out, 0);
        IntStream.range(0, 8).forEach(i -> view.show(at(i * 250L)));
        view.tell(new Event(1_900, Event.Kind.FAULT, "the target is cut off"));
        assertThat(printed().lines()).hasSize(3).last().asString().isEqualTo("00:01.9  !! the target is cut off");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 79, 80, 120})
    void noLineOfTheScreenIsWiderThanTheTerminal(int width) {
        List<Event> events = List.of(new Event(1, Event.Kind.STEP, "x".repeat(300)));
        assertThat(new Screen(width, Style.NONE, 0).render(at(1_000), events, 24))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width))
                .anySatisfy(line -> assertThat(line).contains("DUAL_WRITE"))
                .anySatisfy(line -> assertThat(line).contains("p99 1.2 s"))
                .anySatisfy(line -> assertThat(line).contains("░"));
    }

    @Test
    void theNewestEventsAreShownAndTheScreenFitsTheTerminal() {
        List<Event> events = IntStream.range(0, 50)
                .mapToObj(i -> new Event(i, Event.Kind.STEP, "event " + i + "."))
                .toList();
        List<String> lines = new Screen(100, Style.NONE, 0).render(at(1_000), events, 20);
        assertThat(lines).hasSizeLessThan(20);
        assertThat(String.join("\n", lines)).contains("event 49.").doesNotContain("event 30.");
    }

    @Test
    void theScreenIsDrawnOverItself() {
        AnsiView view = new AnsiView(out, Terminal.of(100, 24), Style.NONE, 0);
        view.show(at(1_000));
        assertThat(printed()).doesNotContain(ESCAPE + "[6A");
        long lines = printed().lines().count() - 1;
        view.show(at(1_250));
        assertThat(printed()).contains(ESCAPE + "[" + lines + "A\r");
    }

    @Test
    void whoWantsNoColoursGetsNone() {
        assertThat(Terminal.style(Map.of("NO_COLOR", "1"))).isEqualTo(Style.NONE);
        assertThat(Terminal.style(Map.of("NO_COLOR", ""))).isEqualTo(Style.COLOURED);
        assertThat(String.join("", new Screen(100, Style.NONE, 0).render(at(1), List.of(), 24)))
                .doesNotContain(ESCAPE);
        assertThat(String.join("", new Screen(100, Style.COLOURED, 0).render(at(1), List.of(), 24)))
                .contains(ESCAPE);
    }
}
