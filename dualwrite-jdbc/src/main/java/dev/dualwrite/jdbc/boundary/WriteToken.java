package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.DualWriteException;
import java.util.regex.Pattern;

/**
 * What a reader wants to see: all that was committed with intents no newer than this.
 *
 * @param millis the time of the newest intent, by the clock of the process that made it
 * @param heardAt the nano time at which this process heard of it
 */
public record WriteToken(long millis, long heardAt) {
    private static final String BEGIN = "w1-";
    private static final Pattern FORM = Pattern.compile("w1-[0-9a-z]{1,11}");

    /** @throws DualWriteException DW-1000, if it is no token */
    static WriteToken parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new DualWriteException(
                    "DW-1000",
                    "'" + text
                            + "' is no token of a write: pass on unchanged what writeToken() said on the connection that"
                            + " wrote");
        }
        return new WriteToken(Long.parseLong(text, BEGIN.length(), text.length(), 36), System.nanoTime());
    }

    /** What wants to see what both want to see. */
    WriteToken and(WriteToken other) {
        return new WriteToken(Math.max(millis, other.millis), heardAt - other.heardAt > 0 ? heardAt : other.heardAt);
    }

    /** As it travels. */
    static String text(long millis) {
        return BEGIN + Long.toString(millis, 36);
    }
}
