package dev.dualwrite.samples.iot.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.samples.iot.operate.Event;
import dev.dualwrite.samples.iot.operate.Timeline;
import dev.dualwrite.samples.iot.verdict.Line;
import dev.dualwrite.samples.iot.verdict.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    private static String report(Line.Mark mark, int points) throws IOException {
        Timeline timeline = new Timeline();
        for (int i = 0; i < points; i++) {
            timeline.add(new Timeline.Point(i * 250L, i, 1, 2, -1, -1));
        }
        return new HtmlReport(
                        new Verdict(List.of(new Line("lost", "0", mark)), List.of("a <b> & c")),
                        timeline,
                        List.of(new Event(5, Event.Kind.FAULT, "</script><b>\"x\"")),
                        Map.of("seed", "7"),
                        0)
                .text();
    }

    @Test
    void needsNothingElse() throws IOException {
        assertThat(report(Line.Mark.GOOD, 3).replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http://", "https://", "src=", "@import", "url(", "{{")
                .contains("class=\"green\"", "Nothing was lost", "seed");
    }

    @Test
    void saysRed() throws IOException {
        assertThat(report(Line.Mark.BAD, 0)).contains("class=\"red\"").doesNotContain("Nothing was lost");
    }

    @Test
    void whatIsToldCannotBecomeMarkup() throws IOException {
        assertThat(report(Line.Mark.GOOD, 3))
                .contains("a &lt;b&gt; &amp; c", "\\u003c/script>")
                .doesNotContain("</script><b>");
    }

    @Test
    void aLongJobDoesNotMakeALongFile() throws IOException {
        assertThat(report(Line.Mark.GOOD, 100_000)).hasSizeLessThan(100_000);
    }
}
