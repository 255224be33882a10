package dev.dualwrite.jdbc.follower;

/**
 * Something that one side takes less of than the other: rows that meet it are parked, and are never changed to fit.
 *
 * @param of what it is about, for people to name it by: {@code account.owner}, or {@code account (slot)} of a unique key
 * @param says what it is
 */
public record Finding(String of, String says) {
    @Override
    public String toString() {
        return of + " " + says;
    }
}
