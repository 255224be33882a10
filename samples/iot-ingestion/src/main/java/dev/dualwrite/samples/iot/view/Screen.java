package dev.dualwrite.samples.iot.view;

import dev.dualwrite.samples.iot.operate.Event;
import dev.dualwrite.samples.iot.operate.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the terminal shows at one moment, as lines no wider than it is. Immutable. */
final class Screen {
    private static final int NARROW = 80;
    private static final int BAR = 40;

    private final int width;
    private final Style style;
    private final long began;

    Screen(int width, Style style, long began) {
        this.width = width;
        this.style = style;
        this.began = began;
    }

    /**
     * The lines.
     *
     * @param height of the terminal; as many of the newest events are shown as fit
     */
    List<String> render(Snapshot snapshot, List<Event> events, int height) {
        List<String> lines = new ArrayList<>();
        lines.add(style.dim("─".repeat(width)));
        if (width < NARROW) {
            narrow(snapshot, lines);
        } else {
            wide(snapshot, lines);
        }
        lines.add(snapshot.activity()
                .map(activity -> {
                    int bar = Math.max(8, Math.min(BAR, width - 40));
                    int full = (int) Math.round(activity.part() * bar);
                    String words = " " + activity.what() + " "
                            + String.format(Locale.ROOT, "%.0f %%  ", activity.part() * 100)
                            + Words.eta(activity.eta()) + "  " + Words.number(Math.round(activity.perSecond()))
                            + " rows/s";
                    return style.accent("█".repeat(full))
                            + style.dim("░".repeat(bar - full))
                            + Words.cut(words, width - bar);
                })
                .orElse(""));
        lines.add(style.dim("─".repeat(width)));
        int room = Math.max(3, height - lines.size() - 1);
        events.stream().skip(Math.max(0, events.size() - room)).forEach(event -> lines.add(event(event)));
        return lines;
    }

    private void wide(Snapshot snapshot, List<String> lines) {
        int column = width / 4;
        lines.add(cells(
                column,
                "phase " + snapshot.ownership().phase(),
                "owner " + snapshot.ownership().owner(),
                "epoch " + snapshot.ownership().epoch(),
                Words.clock(snapshot.elapsed())));
        lines.add(cells(
                column,
                "writes/s " + Words.number(Math.round(snapshot.writes())),
                "p50 " + Words.time(snapshot.p50()),
                "p99 " + Words.time(snapshot.p99()),
                "acknowledged " + Words.number(snapshot.total().writes())));
        lines.add(cells(
                column,
                "lag " + Words.time(snapshot.lag()),
                "queue " + Words.number(snapshot.queued()),
                "breaker " + snapshot.breaker(),
                "errors " + snapshot.total().errorCount() + ", 40001 "
                        + snapshot.total().again()));
    }

    private void narrow(Snapshot snapshot, List<String> lines) {
        lines.add(style.bold(Words.cut(
                snapshot.ownership().phase() + ", " + snapshot.ownership().owner() + " owns, epoch "
                        + snapshot.ownership().epoch(),
                width)));
        lines.add(Words.cut(
                Words.number(Math.round(snapshot.writes())) + " writes/s, p50 " + Words.time(snapshot.p50()) + ", p99 "
                        + Words.time(snapshot.p99()),
                width));
        lines.add(Words.cut(
                "lag " + Words.time(snapshot.lag()) + ", queue " + Words.number(snapshot.queued()) + ", errors "
                        + snapshot.total().errorCount() + ", 40001 "
                        + snapshot.total().again(),
                width));
    }

    /** The name of a figure is quiet, the figure is not. */
    private String cells(int column, String... cells) {
        StringBuilder line = new StringBuilder();
        for (String cell : cells) {
            String text = Words.cut(cell, column - 1);
            int space = text.indexOf(' ');
            line.append(
                            space < 0
                                    ? style.bold(text)
                                    : style.dim(text.substring(0, space)) + style.bold(text.substring(space)))
                    .append(" ".repeat(column - text.length()));
        }
        return line.toString();
    }

    private String event(Event event) {
        String text = Words.cut(
                Words.clock(Duration.ofMillis(event.at() - began)) + "  " + event.text(), Math.max(10, width));
        return switch (event.kind()) {
            case PHASE -> style.accent(text);
            case FAULT -> style.warn(text);
            case ERROR -> style.bad(text);
            case STEP -> text;
        };
    }
}
