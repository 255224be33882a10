package dev.dualwrite.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What comparing reads has found, in all instances together, as of a second ago.
 *
 * @param run number of the comparison; {@link DualWrite#compareAnew()} begins another
 * @param shapes each kind of query by itself
 * @param differences that are stable, oldest first; 1,000 at the most
 */
public record ReadReport(long run, List<Shape> shapes, List<Difference> differences) {
    public ReadReport {
        shapes = List.copyOf(shapes);
        differences = List.copyOf(differences);
    }

    /**
     * Reads that differ by their values only. What was compared is either matched or different.
     *
     * @param id by which it is waived
     * @param text without values
     * @param executions that were seen
     * @param sampled of them, chosen to be compared
     * @param compared of these, decided
     * @param matched of these, both sides answer the same
     * @param different the answers differ, and go on to do so although nothing is on its way
     * @param lagged matched, but not at first sight: the other side was behind, or a session sees values in its own way
     * @param unsettled what was asked for kept changing, or the follower stayed behind, so that it could not be decided
     * @param dropped not compared, because there was no room, or the other side did not answer
     * @param candidateErrors of those dropped
     * @param noiseChecks times that the owner was asked twice to measure noise
     * @param noise of these, it has answered otherwise; and as often as that was met while deciding
     * @param skipped by reason: what is not compared
     * @param normalised by rule: what was needed to find answers equal
     * @param waived whether it was waived
     */
    public record Shape(
            String id,
            String text,
            long executions,
            long sampled,
            long compared,
            long matched,
            long different,
            long lagged,
            long unsettled,
            long dropped,
            long candidateErrors,
            long noiseChecks,
            long noise,
            Map<String, Long> skipped,
            Map<String, Long> normalised,
            boolean waived) {
        public Shape {
            skipped = Map.copyOf(skipped);
            normalised = Map.copyOf(normalised);
        }
    }

    /**
     * A row in which the answers differ.
     *
     * @param at UTC, by the clock of the source
     * @param instance that has found it
     * @param shape id of the shape of the query
     * @param row the table and the key of the row, if the answer holds it
     * @param detail the columns, with lengths and keyed hashes in place of values unless the host wants them
     */
    public record Difference(String at, String instance, String shape, Optional<String> row, String detail) {}

    /**
     * What {@link DualWrite#repairReads()} has done.
     *
     * @param queued rows
     * @param untold differences without a key: {@code verify()} and {@code repair()} find their rows
     */
    public record Repair(int queued, List<Difference> untold) {
        public Repair {
            untold = List.copyOf(untold);
        }
    }
}
