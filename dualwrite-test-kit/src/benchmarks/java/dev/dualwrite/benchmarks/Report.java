package dev.dualwrite.benchmarks;

import java.util.List;
import java.util.Locale;

/** What was found, as Markdown. */
final class Report {
    private final Bounds bounds;
    private final List<String> facts;
    private final List<Contender> contenders;
    private final Results results;

    Report(Bounds bounds, List<String> facts, List<Contender> contenders, Results results) {
        this.bounds = bounds;
        this.facts = List.copyOf(facts);
        this.contenders = List.copyOf(contenders);
        this.results = results;
    }

    /** The first contender is the one that the ratios compare with. */
    String markdown() {
        StringBuilder text = new StringBuilder("# Benchmarks\n\n");
        facts.forEach(fact -> text.append("- ").append(fact).append('\n'));
        text.append(String.format(
                Locale.ROOT,
                "- %d rounds; each figure is the median over the rounds with the least and the most, a ratio that of"
                        + " the ratios to %s within a round; %.2f s a measurement after %.2f s of warm-up; %d rows%n",
                bounds.rounds(),
                contenders.get(0).name(),
                bounds.measured().toNanos() / 1e9,
                bounds.warmUp().toNanos() / 1e9,
                bounds.rows()));
        for (Workload workload : Workload.values()) {
            text.append("\n## ").append(workload.title()).append('\n');
            for (int clients : bounds.threads()) {
                text.append("\n### ")
                        .append(clients)
                        .append(clients == 1 ? " client\n\n" : " clients\n\n")
                        .append(grid(workload, clients));
            }
        }
        return text.toString();
    }

    private Grid grid(Workload workload, int clients) {
        Grid grid = new Grid(
                "contender",
                "tx/s",
                "p50 µs",
                "p99 µs",
                "tx/s : bare",
                "p50 : bare",
                "statements/tx source + target",
                "queued at the end",
                "drained in ms");
        Contender bare = contenders.get(0);
        for (Contender contender : contenders) {
            if (!results.has(workload, clients, contender)) {
                continue;
            }
            boolean queue = contender instanceof Library && contender.writesBoth();
            grid.add(List.of(
                    contender.name(),
                    results.spread(workload, clients, contender, Sample::perSecond)
                            .text(0),
                    results.spread(workload, clients, contender, Sample::p50).text(0),
                    results.spread(workload, clients, contender, Sample::p99).text(0),
                    results.ratio(workload, clients, contender, bare, Sample::perSecond)
                            .text(2),
                    results.ratio(workload, clients, contender, bare, Sample::p50)
                            .text(2),
                    String.format(
                            Locale.ROOT,
                            "%.1f + %.1f",
                            results.spread(workload, clients, contender, Sample::sourceStatements)
                                    .median(),
                            results.spread(workload, clients, contender, Sample::targetStatements)
                                    .median()),
                    queue
                            ? results.spread(workload, clients, contender, Sample::queued)
                                    .text(0)
                            : "",
                    queue
                            ? results.spread(
                                            workload,
                                            clients,
                                            contender,
                                            sample -> sample.drain().toNanos() / 1e6)
                                    .text(0)
                            : ""));
        }
        return grid;
    }
}
