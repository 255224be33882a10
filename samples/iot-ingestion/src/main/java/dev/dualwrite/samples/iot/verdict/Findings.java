package dev.dualwrite.samples.iot.verdict;

import java.util.List;

/**
 * What the owner holds, measured by what was acknowledged.
 *
 * @param acknowledged readings
 * @param found of them, with the right value
 * @param lost of them, missing or with another value
 * @param doubled readings that are there more than once
 * @param unheardOf readings that nobody was told of
 * @param historyFound rows of before the start, as they were
 * @param historyLost rows of before the start, missing or changed
 * @param devices that must be there
 * @param devicesWrong that are missing, there although retired, or with another counter or slot than acknowledged
 * @param aggregatesWrong devices whose running figures are not those of their history
 * @param examples of what is wrong, in words
 */
public record Findings(
        long acknowledged,
        long found,
        long lost,
        long doubled,
        long unheardOf,
        long historyFound,
        long historyLost,
        long devices,
        long devicesWrong,
        long aggregatesWrong,
        List<String> examples) {
    public Findings {
        examples = List.copyOf(examples);
    }
}
