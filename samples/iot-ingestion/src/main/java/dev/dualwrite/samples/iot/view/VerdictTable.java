package dev.dualwrite.samples.iot.view;

import dev.dualwrite.samples.iot.verdict.Line;
import dev.dualwrite.samples.iot.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/** The verdict for a terminal. */
public final class VerdictTable {
    private VerdictTable() {}

    /** The lines, the last of which says it in a word. */
    public static List<String> lines(Verdict verdict, Style style) {
        int width = verdict.lines().stream()
                .mapToInt(line -> line.name().length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add("");
        for (Line line : verdict.lines()) {
            String text = " ".repeat(width - line.name().length()) + line.name() + "  " + line.value();
            lines.add(
                    switch (line.mark()) {
                        case GOOD -> style.good("  ok ") + text;
                        case BAD -> style.bad("  NO ") + text;
                        case INFO -> "     " + text;
                    });
        }
        verdict.examples().forEach(example -> lines.add("       for example: " + example));
        lines.add("");
        lines.add(
                verdict.green()
                        ? style.good("VERDICT: GREEN. Nothing was lost, nothing was doubled.")
                        : style.bad("VERDICT: RED. The lines marked NO say why."));
        return lines;
    }
}
