package dev.dualwrite.testkit.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Steps, one after the other. Its text can be read again: {@code History.parse("a.begin; a.write(1); outage; a.commit")}.
 *
 * @param steps in their order
 */
public record History(List<Step> steps) {
    public History {
        steps = List.copyOf(steps);
    }

    /** Of these steps. */
    public static History of(Step... steps) {
        return new History(List.of(steps));
    }

    /**
     * Reads what {@link #toString()} has written: steps between semicolons.
     *
     * @throws IllegalArgumentException if something is no step
     */
    public static History parse(String text) {
        return new History(Arrays.stream(text.split(";", -1))
                .filter(step -> !step.isBlank())
                .map(Step::parse)
                .toList());
    }

    /**
     * One that does the same and is easier to read: without the steps that can do nothing where they stand (the end of a
     * transaction that was not begun, of an outage that is none, a swap of a key with itself), and with the clients named in the
     * order in which they come.
     */
    public History simplified() {
        List<Step> kept = new ArrayList<>();
        List<Integer> names = new ArrayList<>();
        Set<Integer> open = new HashSet<>();
        Set<Integer> marked = new HashSet<>();
        boolean out = false;
        boolean paused = false;
        for (Step step : steps) {
            int client = step.client();
            boolean does = switch (step.kind()) {
                case BEGIN -> open.add(client);
                case COMMIT, ROLLBACK, COMMIT_LOST, ANSWER_LOST -> {
                    marked.remove(client);
                    yield open.remove(client);
                }
                case SAVEPOINT -> {
                    if (open.contains(client)) {
                        marked.add(client);
                    }
                    yield open.contains(client);
                }
                case UNDO -> marked.contains(client);
                case CHANGE_KEY, UNIQUE_SWAP ->
                    !step.keys().get(0).equals(step.keys().get(1));
                case OUTAGE -> !out;
                case RESTORE -> out;
                case PAUSE -> !paused;
                case RESUME -> paused;
                case WRITE, DELETE, BATCH, CONVERGE, BACKFILL, VERIFY, FLIP, ROLLBACK_FLIP, GIVE_UP, CRASH -> true;
            };
            switch (step.kind()) {
                case OUTAGE -> out = true;
                case RESTORE -> out = false;
                case PAUSE -> paused = true;
                case RESUME -> paused = false;
                case CRASH -> {
                    open.clear();
                    marked.clear();
                }
                default -> {
                    // nothing that lasts
                }
            }
            if (does && step.kind().ofClient() && !names.contains(client)) {
                names.add(client);
            }
            if (does) {
                kept.add(step.kind().ofClient() ? new Step(step.kind(), names.indexOf(client), step.keys()) : step);
            }
        }
        return new History(kept);
    }

    /** How many clients take part. */
    int clients() {
        return steps.stream()
                        .filter(step -> step.kind().ofClient())
                        .mapToInt(Step::client)
                        .max()
                        .orElse(0)
                + 1;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(Collectors.joining("; "));
    }
}
