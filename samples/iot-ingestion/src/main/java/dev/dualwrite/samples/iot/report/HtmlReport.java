package dev.dualwrite.samples.iot.report;

import dev.dualwrite.samples.iot.operate.Event;
import dev.dualwrite.samples.iot.operate.Timeline;
import dev.dualwrite.samples.iot.verdict.Line;
import dev.dualwrite.samples.iot.verdict.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** One HTML file that needs nothing else: the verdict, the figures over time, the events, and what it ran on. */
public final class HtmlReport {
    private static final String TEMPLATE = "report.html";
    private static final int POINTS = 600;

    private final Verdict verdict;
    private final Timeline timeline;
    private final List<Event> events;
    private final Map<String, String> setting;
    private final long began;

    /**
     * @param setting how it was run and on what, in the order in which it is to be shown
     * @param began in milliseconds since 1970
     */
    public HtmlReport(Verdict verdict, Timeline timeline, List<Event> events, Map<String, String> setting, long began) {
        this.verdict = verdict;
        this.timeline = timeline;
        this.events = List.copyOf(events);
        this.setting = setting;
        this.began = began;
    }

    /** Writes it; what was there is replaced. */
    public void write(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, text());
    }

    String text() throws IOException {
        try (InputStream in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(TEMPLATE), TEMPLATE)) {
            String template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return template.replace("{{result}}", verdict.green() ? "green" : "red")
                    .replace("{{headline}}", verdict.green() ? "Nothing was lost" : "The verdict is red")
                    .replace("{{verdict}}", verdictRows())
                    .replace("{{examples}}", examples())
                    .replace("{{setting}}", settingRows())
                    .replace("{{events}}", eventRows())
                    .replace("{{data}}", data());
        }
    }

    private String verdictRows() {
        return verdict.lines().stream()
                .map(line -> "<tr class=\"%s\"><td class=\"mark\">%s</td><th scope=\"row\">%s</th><td>%s</td></tr>"
                        .formatted(
                                line.mark().name().toLowerCase(Locale.ROOT),
                                mark(line),
                                escape(line.name()),
                                escape(line.value())))
                .collect(Collectors.joining("\n"));
    }

    private static String mark(Line line) {
        return switch (line.mark()) {
            case GOOD -> "✓";
            case BAD -> "✗";
            case INFO -> "·";
        };
    }

    private String examples() {
        return verdict.examples().isEmpty()
                ? ""
                : "<h3>What is wrong, for example</h3><ul>"
                        + verdict.examples().stream()
                                .map(example -> "<li>" + escape(example) + "</li>")
                                .collect(Collectors.joining())
                        + "</ul>";
    }

    private String settingRows() {
        return setting.entrySet().stream()
                .map(entry -> "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                        .formatted(escape(entry.getKey()), escape(entry.getValue())))
                .collect(Collectors.joining("\n"));
    }

    private String eventRows() {
        return events.stream()
                .map(event -> "<tr class=\"%s\"><td class=\"time\">%s</td><td>%s</td></tr>"
                        .formatted(
                                event.kind().name().toLowerCase(Locale.ROOT),
                                String.format(Locale.ROOT, "%.1f s", seconds(event.at())),
                                escape(event.text())))
                .collect(Collectors.joining("\n"));
    }

    private double seconds(long at) {
        return (at - began) / 1e3;
    }

    /** Points as rows of numbers, and the events that the plots show. */
    private String data() {
        String points = timeline.points(POINTS).stream()
                .map(point -> String.format(
                        Locale.ROOT,
                        "[%.2f,%.1f,%.2f,%.2f,%.0f,%.0f]",
                        seconds(point.at()),
                        point.writes(),
                        point.p50(),
                        point.p99(),
                        point.lag(),
                        point.queued()))
                .collect(Collectors.joining(","));
        return "{\"points\":[" + points + "],\"phases\":[" + marks(Event.Kind.PHASE) + "],\"faults\":["
                + marks(Event.Kind.FAULT) + "]}";
    }

    private String marks(Event.Kind kind) {
        return events.stream()
                .filter(event -> event.kind() == kind)
                .map(event -> String.format(Locale.ROOT, "[%.2f,%s]", seconds(event.at()), json(event.text())))
                .collect(Collectors.joining(","));
    }

    private static String json(String text) {
        // A script must not be ended by what stands in it, so no angle bracket goes in as itself.
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("<", "\\u003c")
                        .replaceAll("\\s+", " ") + "\"";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
