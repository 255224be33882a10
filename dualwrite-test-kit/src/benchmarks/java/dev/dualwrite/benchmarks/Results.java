package dev.dualwrite.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** All measurements, each contender's in the order of the rounds. Of one thread. */
final class Results {
    private final Map<Cell, List<Sample>> samples = new LinkedHashMap<>();

    private record Cell(Workload workload, int clients, String contender) {}

    void add(Workload workload, int clients, Contender contender, Sample sample) {
        samples.computeIfAbsent(new Cell(workload, clients, contender.name()), cell -> new ArrayList<>())
                .add(sample);
    }

    boolean has(Workload workload, int clients, Contender contender) {
        return samples.containsKey(new Cell(workload, clients, contender.name()));
    }

    private List<Sample> of(Workload workload, int clients, Contender contender) {
        return samples.getOrDefault(new Cell(workload, clients, contender.name()), List.of());
    }

    /** A figure over the rounds. */
    Spread spread(Workload workload, int clients, Contender contender, ToDoubleFunction<Sample> figure) {
        return Spread.of(of(workload, clients, contender).stream()
                .map(figure::applyAsDouble)
                .toList());
    }

    /** A figure over the same figure of another contender in the same round, for what slows a round slows both. */
    Spread ratio(Workload workload, int clients, Contender contender, Contender to, ToDoubleFunction<Sample> figure) {
        return ratio(of(workload, clients, contender), of(workload, clients, to), figure);
    }

    /** A figure of a workload over that of the explicit transaction of another contender in the same round. */
    Spread toTransactions(
            Workload workload, int clients, Contender contender, Contender to, ToDoubleFunction<Sample> figure) {
        return ratio(of(workload, clients, contender), of(Workload.TRANSACTION, clients, to), figure);
    }

    private static Spread ratio(List<Sample> these, List<Sample> those, ToDoubleFunction<Sample> figure) {
        return Spread.of(IntStream.range(0, these.size())
                .mapToObj(round -> figure.applyAsDouble(these.get(round)) / figure.applyAsDouble(those.get(round)))
                .toList());
    }
}
