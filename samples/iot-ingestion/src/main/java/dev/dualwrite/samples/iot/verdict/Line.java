package dev.dualwrite.samples.iot.verdict;

/**
 * A line of the verdict table.
 *
 * @param name what was looked at
 * @param value what was seen
 * @param mark what it means
 */
public record Line(String name, String value, Mark mark) {
    /** What a line means. */
    public enum Mark {
        GOOD,
        BAD,
        /** Only to be known. */
        INFO
    }

    static Line check(String name, String value, boolean good) {
        return new Line(name, value, good ? Mark.GOOD : Mark.BAD);
    }

    static Line info(String name, String value) {
        return new Line(name, value, Mark.INFO);
    }
}
