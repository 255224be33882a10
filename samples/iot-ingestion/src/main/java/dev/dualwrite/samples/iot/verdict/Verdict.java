package dev.dualwrite.samples.iot.verdict;

import dev.dualwrite.samples.iot.operate.FlipRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The table at the end. Green only if every check is.
 *
 * @param lines of the table
 * @param examples of what is wrong
 */
public record Verdict(List<Line> lines, List<String> examples) {
    private static final int FLIPS = 3;

    public Verdict {
        lines = List.copyOf(lines);
        examples = List.copyOf(examples);
    }

    /** Whether everything is as it must be. */
    public boolean green() {
        return lines.stream().noneMatch(line -> line.mark() == Line.Mark.BAD);
    }

    /** Judges. */
    public static Verdict of(Facts facts) {
        Findings findings = facts.findings();
        List<Line> lines = new ArrayList<>();
        List<String> examples = new ArrayList<>(findings.examples());
        lines.add(facts.unfinished()
                .map(where -> Line.check("course of the migration", "stopped: " + where, false))
                .orElse(Line.check("course of the migration", "every step was done", true)));
        lines.add(Line.check("readings acknowledged", number(findings.acknowledged()), findings.acknowledged() > 0));
        lines.add(Line.check(
                "found on the owner", number(findings.found()), findings.found() == findings.acknowledged()));
        lines.add(zero("lost", findings.lost()));
        lines.add(zero("doubled", findings.doubled()));
        lines.add(zero("stored, but nobody was told", findings.unheardOf()));
        lines.add(Line.check(
                "history from before the start",
                number(findings.historyFound()) + " rows as they were, " + number(findings.historyLost())
                        + " lost or changed",
                findings.historyLost() == 0));
        lines.add(Line.check(
                "devices",
                number(findings.devices()) + " expected (" + number(facts.seen().registered()) + " registered, "
                        + number(facts.seen().retired()) + " retired, "
                        + number(facts.seen().swaps()) + " swaps of slots), " + number(findings.devicesWrong())
                        + " not as acknowledged",
                findings.devicesWrong() == 0));
        lines.add(zero("running figures that differ from the history", findings.aggregatesWrong()));
        compared(facts, lines, examples);
        flips(facts, lines);
        lines.add(Line.check(
                "errors seen by devices, counted before any retry",
                errors(facts),
                facts.seen().errorCount() == 0));
        lines.add(Line.info(
                "SQLState 40001 (told to run it again)",
                number(facts.seen().again()) + ": " + number(facts.seen().overtaken())
                        + " at a change of owner or phase, "
                        + number(facts.seen().again() - facts.seen().overtaken()) + " deadlocks"));
        lines.add(zero("commits with unknown outcome", facts.seen().unknown()));
        lines.add(zero("states that devices found gone back", facts.seen().stale()));
        lines.add(Line.info("servers", facts.servers()));
        return new Verdict(lines, examples);
    }

    private static void compared(Facts facts, List<Line> lines, List<String> examples) {
        lines.add(facts.verification()
                .map(report -> Line.check(
                        "rows verified equal by the library",
                        number(report.rows()) + ", " + report.divergences().size() + " divergences",
                        report.equal()))
                .orElse(Line.check("rows verified equal by the library", "not verified", false)));
        lines.add(facts.comparison()
                .map(comparison -> Line.check(
                        "rows compared both ways, independently",
                        number(comparison.rows()) + ", "
                                + comparison.differences().size() + " different",
                        comparison.differences().isEmpty() && comparison.rows() > 0))
                .orElse(Line.check("rows compared both ways, independently", "not compared", false)));
        facts.verification()
                .ifPresent(report ->
                        examples.addAll(report.divergences().stream().limit(3).toList()));
        facts.comparison()
                .ifPresent(comparison -> examples.addAll(
                        comparison.differences().stream().limit(3).toList()));
    }

    private static void flips(Facts facts, List<Line> lines) {
        for (FlipRecord flip : facts.flips()) {
            lines.add(Line.check(
                    "writers held by the " + flip.what(),
                    flip.stall().toMillis() + " ms"
                            + (flip.attempts() == 1 ? "" : " at attempt " + flip.attempts())
                            + (flip.seen().isZero()
                                    ? ""
                                    : "; longest silence of a process around it "
                                            + flip.seen().toMillis() + " ms"),
                    flip.stall().compareTo(facts.budget()) <= 0));
        }
        if (facts.flips().size() != FLIPS) {
            lines.add(Line.check("flips done", facts.flips().size() + " of " + FLIPS, false));
        }
    }

    private static Line zero(String name, long count) {
        return Line.check(name, number(count), count == 0);
    }

    private static String errors(Facts facts) {
        long count = facts.seen().errorCount();
        return count == 0
                ? "0"
                : number(count) + ": "
                        + new TreeMap<>(facts.seen().errors())
                                .entrySet().stream()
                                        .map(entry -> entry.getKey() + " × " + entry.getValue())
                                        .collect(Collectors.joining(", "));
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
