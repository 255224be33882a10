package dev.dualwrite.testkit.oracle;

import java.util.List;

/**
 * What a comparison of digests found.
 *
 * @param compared how many ranges of keys
 * @param all how many ranges there are
 * @param differences the ranges that differ, and columns that only one side has, in words; empty if there are none
 */
public record DigestReport(long compared, long all, List<String> differences) {
    public DigestReport {
        differences = List.copyOf(differences);
    }
}
