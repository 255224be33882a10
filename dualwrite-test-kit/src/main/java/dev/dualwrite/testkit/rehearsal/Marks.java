package dev.dualwrite.testkit.rehearsal;

import dev.dualwrite.testkit.fault.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A row in each transaction of a load, by which it is known afterwards whether it is there: once, twice, or not at all. The
 * rows stand in a moved table of their own, so they go the way of all others. Safe for use by any number of threads.
 */
public final class Marks {
    /** The table; it belongs to the moved ones. */
    public static final String TABLE = "testkit_mark";

    /** How it is made. */
    public static final String DDL = "CREATE TABLE IF NOT EXISTS " + TABLE
            + " (run BIGINT NOT NULL, number BIGINT NOT NULL, attempt INT NOT NULL, PRIMARY KEY (run, number, attempt))"
            + " ENGINE=InnoDB";

    private final long run;
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();

    Marks(long run) {
        this.run = run;
    }

    /** What a caller heard of a try. */
    enum Answer {
        COMMITTED,
        REFUSED,
        UNKNOWN
    }

    private record Told(long number, int attempt, Answer answer) {}

    /** What became of the transactions, each list in words. */
    record Verdict(
            long committed, long refused, long unknown, List<String> lost, List<String> doubled, List<String> ghosts) {}

    /** Into the transaction that is open. */
    void put(Connection connection, long number, int attempt) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + TABLE + " (run, number, attempt) VALUES (?, ?, ?)")) {
            insert.setLong(1, run);
            insert.setLong(2, number);
            insert.setInt(3, attempt);
            insert.executeUpdate();
        }
    }

    void told(long number, int attempt, Answer answer) {
        told.add(new Told(number, attempt, answer));
    }

    /** Holds what callers heard against what is there. */
    Verdict judge(Database owner) throws SQLException {
        Set<String> there = new HashSet<>(
                owner.column("SELECT CONCAT(number, '/', attempt) FROM " + TABLE + " WHERE run = " + run));
        List<String> lost = new ArrayList<>();
        List<String> ghosts = new ArrayList<>();
        long[] counts = new long[Answer.values().length];
        for (Told one : told) {
            boolean present = there.contains(one.number() + "/" + one.attempt());
            switch (one.answer()) {
                case COMMITTED -> {
                    counts[0]++;
                    if (!present) {
                        lost.add("transaction " + one.number() + " was acknowledged and is not there");
                    }
                }
                case REFUSED -> {
                    counts[1]++;
                    if (present) {
                        ghosts.add("transaction " + one.number() + " was told not to be committed and is there");
                    }
                }
                case UNKNOWN -> counts[2]++;
            }
        }
        Set<String> seen = new HashSet<>();
        List<String> doubled = new ArrayList<>();
        for (String mark : there) {
            String number = mark.substring(0, mark.indexOf('/'));
            if (!seen.add(number)) {
                doubled.add("transaction " + number + " is there more than once");
            }
        }
        return new Verdict(counts[0], counts[1], counts[2], lost, doubled, ghosts);
    }
}
