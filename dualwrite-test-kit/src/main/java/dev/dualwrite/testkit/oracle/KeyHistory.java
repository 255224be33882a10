package dev.dualwrite.testkit.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The states that a key's row went through, as its client was told; null is a row that is not there. Written by one
 * thread, read after it has ended.
 */
final class KeyHistory {
    private final String table;
    private final String key;
    private final String client;
    private final List<@Nullable String> states = new ArrayList<>(Arrays.asList((String) null));
    private final Set<String> undone = new HashSet<>();
    private @Nullable String next;
    private @Nullable String perhaps;
    private @Nullable Object inDoubt;

    KeyHistory(String table, String key, String client) {
        this.table = table;
        this.key = key;
        this.client = client;
    }

    void begin(String by) {
        if (!by.equals(client)) {
            throw new IllegalStateException(this + " belongs to " + client + ", not to " + by);
        }
        if (inDoubt != null) {
            throw new IllegalStateException("what became of " + this + " is not known; leave it alone");
        }
    }

    void change(Write write) {
        String before = next == null ? "" : next;
        next = switch (write.kind()) {
            case PUT -> write.marks();
            case APPEND -> before + write.marks();
            case DELETE -> null;
        };
        undone.addAll(marks(write.marks()));
    }

    void end(Answer answer, Object transaction) {
        String now = states.get(states.size() - 1);
        switch (answer) {
            case COMMITTED -> states.add(next);
            case ROLLED_BACK -> next = now;
            case UNKNOWN -> {
                inDoubt = transaction;
                perhaps = next;
                next = now;
            }
        }
    }

    String table() {
        return table;
    }

    String key() {
        return key;
    }

    /** What its client was told that it is. */
    @Nullable String expected() {
        return states.get(states.size() - 1);
    }

    /** What it may be all the same, if {@link #inDoubt()}. */
    @Nullable String perhaps() {
        return perhaps;
    }

    /** The transaction of which nobody knows what became, the same object for all its keys. */
    @Nullable Object inDoubt() {
        return inDoubt;
    }

    /** Whether a row like this is right. */
    boolean allows(@Nullable String found) {
        return Objects.equals(found, expected()) || (inDoubt != null && Objects.equals(found, perhaps));
    }

    /** Whether it was so once, and is not to be any more. */
    boolean wasOnce(@Nullable String found) {
        return states.size() > 1
                && states.subList(0, states.size() - 1).stream().anyMatch(state -> Objects.equals(state, found));
    }

    /** Whether this mark is of a transaction that was told not to be stored. */
    boolean undone(String mark) {
        return undone.contains(mark)
                && states.stream()
                        .noneMatch(state -> state != null && marks(state).contains(mark))
                && (inDoubt == null || perhaps == null || !marks(perhaps).contains(mark));
    }

    static List<String> marks(String trail) {
        return Arrays.stream(trail.split(";", -1))
                .filter(mark -> !mark.isEmpty())
                .toList();
    }

    @Override
    public String toString() {
        return table + " key=" + key;
    }
}
