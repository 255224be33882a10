package dev.dualwrite.campaign;

import dev.dualwrite.testkit.oracle.Write;
import java.util.ArrayList;
import java.util.List;

/** What one transaction of a client does, as far as it has got. Can be written as a line of text. For one thread. */
final class Attempt {
    private final List<Write> writes = new ArrayList<>();
    private final List<Orphan> orphans = new ArrayList<>();
    private final List<Raised> raised = new ArrayList<>();

    /** An insert whose key is given by the server and not known yet. */
    record Orphan(String table, String marks) {}

    /** A counter that was raised, with the token of it. */
    record Raised(int counter, String token) {}

    void add(Write write) {
        writes.add(write);
    }

    void inserts(String table, String marks) {
        orphans.add(new Orphan(table, marks));
    }

    /** The key of the newest orphan became known. */
    void known(Write write) {
        orphans.remove(orphans.size() - 1);
        writes.add(write);
    }

    void raise(int counter, String token) {
        raised.add(new Raised(counter, token));
    }

    /** Forgets the writes behind the first so many: they were undone by a savepoint. */
    void undoTo(int count) {
        writes.subList(count, writes.size()).clear();
    }

    List<Write> writes() {
        return writes;
    }

    List<Orphan> orphans() {
        return orphans;
    }

    List<Raised> raised() {
        return raised;
    }

    boolean isEmpty() {
        return writes.isEmpty() && orphans.isEmpty() && raised.isEmpty();
    }

    /** One line without spaces at its ends. */
    String line() {
        StringBuilder line = new StringBuilder("-");
        writes.forEach(write -> line.append(" w,")
                .append(write.table())
                .append(',')
                .append(write.key())
                .append(',')
                .append(write.kind())
                .append(',')
                .append(write.marks()));
        orphans.forEach(
                orphan -> line.append(" o,").append(orphan.table()).append(',').append(orphan.marks()));
        raised.forEach(
                one -> line.append(" r,").append(one.counter()).append(',').append(one.token()));
        return line.toString();
    }

    static Attempt of(String line) {
        Attempt attempt = new Attempt();
        for (String part : line.split(" ", -1)) {
            String[] words = part.split(",", -1);
            switch (words[0]) {
                case "w" -> attempt.add(new Write(words[1], words[2], Write.Kind.valueOf(words[3]), words[4]));
                case "o" -> attempt.inserts(words[1], words[2]);
                case "r" -> attempt.raise(Integer.parseInt(words[1]), words[2]);
                default -> {
                    // the beginning
                }
            }
        }
        return attempt;
    }
}
