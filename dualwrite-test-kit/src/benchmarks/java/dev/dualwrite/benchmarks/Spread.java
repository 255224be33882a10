package dev.dualwrite.benchmarks;

import java.util.List;
import java.util.Locale;

/** A figure over the rounds: the median, and between what it lay. */
record Spread(double median, double least, double most) {
    static Spread of(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** For the report, with so many decimal places. */
    String text(int places) {
        String format = "%." + places + "f";
        return String.format(Locale.ROOT, format + " (" + format + "–" + format + ")", median, least, most);
    }
}
