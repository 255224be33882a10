package dev.dualwrite.samples.tenants.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The table at the end. Green only if every check is. */
record Verdict(List<Line> lines) {
    private static final int MOVES = 2;
    private static final double ALL = 100;

    Verdict {
        lines = List.copyOf(lines);
    }

    /** A line of the table; {@code good} is empty for what is only to be known. */
    record Line(String name, String value, Optional<Boolean> good) {}

    /**
     * What is judged.
     *
     * @param requests that customers sent
     * @param errors that they saw
     * @param older answers that did not hold what the customer had written
     * @param acknowledged writes
     * @param missing of these, on the owner
     * @param unheardOf writes on the owner that nobody was told of
     * @param harmed rows that somebody changed on the target behind everybody's back
     * @param shown answers that showed it
     * @param rows of the owner
     * @param differing of these or of the follower's
     * @param unfinished where the runbook stopped
     */
    record Facts(
            long requests,
            Map<String, Long> errors,
            List<String> older,
            long acknowledged,
            List<String> missing,
            long unheardOf,
            List<Runbook.Share> shares,
            List<Runbook.Found> found,
            List<Runbook.Moved> moves,
            List<Runbook.Elsewhere> elsewhere,
            int harmed,
            long shown,
            long rows,
            List<String> differing,
            Optional<String> unfinished,
            String servers) {}

    boolean green() {
        return lines.stream().allMatch(line -> line.good().orElse(true));
    }

    static Verdict of(Facts facts) {
        List<Line> lines = new ArrayList<>();
        lines.add(check(
                "course of the cutover",
                facts.unfinished().map(where -> "stopped: " + where).orElse("every step was done"),
                facts.unfinished().isEmpty()));
        lines.add(check("requests", number(facts.requests()), facts.requests() > 0));
        lines.add(check(
                "errors that customers saw",
                facts.errors().isEmpty() ? "0" : facts.errors().toString(),
                facts.errors().isEmpty()));
        lines.add(check(
                "reads older than the reader's own write",
                facts.older().size() + example(facts.older()),
                facts.older().isEmpty()));
        lines.add(check(
                "writes acknowledged and found on the owner",
                number(facts.acknowledged() - facts.missing().size()) + " of " + number(facts.acknowledged())
                        + example(facts.missing()),
                facts.missing().isEmpty() && facts.acknowledged() > 0));
        lines.add(zero("stored, but nobody was told", facts.unheardOf()));
        facts.shares().forEach(share -> lines.add(line(share)));
        lines.add(check(
                "share reached",
                percent(facts.shares().stream()
                        .filter(Runbook.Share::whole)
                        .mapToDouble(Runbook.Share::percent)
                        .max()
                        .orElse(0)),
                facts.shares().stream().anyMatch(share -> share.whole() && share.percent() >= ALL)));
        facts.elsewhere()
                .forEach(other -> lines.add(zero("reads that the other side answered " + other.when(), other.reads())));
        lines.add(difference(facts));
        lines.add(new Line("answers that showed it before", number(facts.shown()), Optional.empty()));
        facts.moves()
                .forEach(move -> lines.add(new Line(
                        "writers held by the " + move.what(), move.stall().toMillis() + " ms", Optional.empty())));
        if (facts.moves().size() != MOVES) {
            lines.add(check("changes of owner", facts.moves().size() + " of " + MOVES, false));
        }
        lines.add(check(
                "rows compared both ways, without the library",
                number(facts.rows()) + ", " + number(facts.differing().size()) + " different"
                        + example(facts.differing()),
                facts.differing().isEmpty() && facts.rows() > 0));
        lines.add(new Line("servers", facts.servers(), Optional.empty()));
        return new Verdict(lines);
    }

    /** Nobody else's reads were at the target, and, unless something spoke against it, those of the whole cohort were. */
    private static Line line(Runbook.Share share) {
        long others = share.seen().stream()
                .filter(tenant -> !share.drawn().contains(tenant))
                .count();
        Set<String> seen = share.seen();
        return check(
                "reads at the target with " + percent(share.percent()),
                percent(share.part() * ALL) + "; of " + share.drawn().size() + " tenants of the cohort "
                        + (seen.size() - others) + ", of others " + others
                        + (share.whole() ? "" : "; the ramp was stopped"),
                others == 0 && (!share.whole() || seen.containsAll(share.drawn())));
    }

    /** What somebody changed was found by comparing reads, stopped the ramp, and was repaired. */
    private static Line difference(Facts facts) {
        int found = facts.found().stream().mapToInt(Runbook.Found::differences).sum();
        int repaired = facts.found().stream().mapToInt(Runbook.Found::repaired).sum();
        return check(
                "difference made, found by reads, repaired",
                facts.harmed() + " rows made, " + found + " differences in reads"
                        + facts.found().stream()
                                .findFirst()
                                .map(first -> " at " + percent(first.percent()))
                                .orElse("")
                        + ", " + repaired + " rows repaired",
                facts.harmed() > 0 && found > 0 && repaired > 0);
    }

    /** The lines, the last of which says it in a word. */
    List<String> printed() {
        int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
        List<String> text = new ArrayList<>();
        text.add("");
        for (Line line : lines) {
            text.add(line.good().map(good -> good ? "  ok " : "  NO ").orElse("     ")
                    + " ".repeat(width - line.name().length()) + line.name() + "  " + line.value());
        }
        text.add("");
        text.add(
                green()
                        ? "VERDICT: GREEN. Reads moved, came back and moved again; nobody saw less than he had written."
                        : "VERDICT: RED. The lines marked NO say why.");
        return text;
    }

    private static Line check(String name, String value, boolean good) {
        return new Line(name, value, Optional.of(good));
    }

    private static Line zero(String name, long count) {
        return check(name, number(count), count == 0);
    }

    private static String example(List<String> some) {
        return some.isEmpty() ? "" : ", for example " + some.get(0);
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String percent(double percent) {
        return String.format(Locale.ROOT, percent == Math.rint(percent) ? "%.0f %%" : "%.1f %%", percent);
    }
}
