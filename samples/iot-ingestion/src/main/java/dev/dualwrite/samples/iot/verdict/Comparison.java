package dev.dualwrite.samples.iot.verdict;

import java.util.List;

/**
 * What an independent comparison of both sides came to.
 *
 * @param rows of the owner that were compared
 * @param differences rows that stayed different, in words
 */
public record Comparison(long rows, List<String> differences) {
    public Comparison {
        differences = List.copyOf(differences);
    }
}
