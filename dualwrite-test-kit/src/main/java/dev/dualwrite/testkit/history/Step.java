package dev.dualwrite.testkit.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of a history. As text: {@code a.write(3)}, {@code b.changeKey(1,2)}, {@code a.commit}, {@code flip}; the letter is
 * the client. A step means what it says wherever it stands: one that has nothing to do does nothing.
 *
 * @param kind what is done
 * @param client by whom, from 0, at most {@value #MOST_CLIENTS} of them; 0 if by no client
 * @param keys which ones, as many as the kind names, each from 0 to {@value #MOST_KEYS} - 1
 */
public record Step(Kind kind, int client, List<Integer> keys) {
    /** So many clients there can be. */
    public static final int MOST_CLIENTS = 3;

    /** So many keys a client can have. */
    public static final int MOST_KEYS = 100;

    private static final Pattern TEXT = Pattern.compile("(?:([a-z])\\.)?([a-zA-Z]+)(?:\\(([0-9, ]*)\\))?");

    /** @throws IllegalArgumentException if client or keys do not fit the kind */
    public Step {
        keys = List.copyOf(keys);
        if (client < 0 || client >= (kind.ofClient() ? MOST_CLIENTS : 1)) {
            throw new IllegalArgumentException("client " + client + " of a " + kind + ": allowed are 0 to "
                    + ((kind.ofClient() ? MOST_CLIENTS : 1) - 1));
        }
        if (keys.size() != kind.keys() || keys.stream().anyMatch(key -> key < 0 || key >= MOST_KEYS)) {
            throw new IllegalArgumentException(
                    kind + " names " + kind.keys() + " keys from 0 to " + (MOST_KEYS - 1) + ", not " + keys);
        }
    }

    /** A step of a client. */
    public static Step of(Kind kind, int client, Integer... keys) {
        return new Step(kind, client, Arrays.asList(keys));
    }

    /** A step of nobody. */
    public static Step of(Kind kind) {
        return new Step(kind, 0, List.of());
    }

    /**
     * Reads what {@link #toString()} has written.
     *
     * @throws IllegalArgumentException if it is no step
     */
    public static Step parse(String text) {
        String stripped = text.strip();
        Matcher matcher = TEXT.matcher(stripped);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + stripped + "' is no step; one is written as a.write(3) or flip");
        }
        Kind kind = Arrays.stream(Kind.values())
                .filter(one -> one.word().equals(matcher.group(2)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + stripped + "' is no step; they are "
                        + Arrays.stream(Kind.values()).map(Kind::word).toList()));
        if (kind.ofClient() == (matcher.group(1) == null)) {
            throw new IllegalArgumentException("'" + stripped + "' has to be written "
                    + (kind.ofClient() ? "with a client before it: a." : "without a client: ") + kind.word());
        }
        List<Integer> keys = new ArrayList<>();
        if (matcher.group(3) != null) {
            for (String key : matcher.group(3).split(",", -1)) {
                keys.add(Integer.valueOf(key.strip()));
            }
        }
        return new Step(kind, matcher.group(1) == null ? 0 : matcher.group(1).charAt(0) - 'a', keys);
    }

    /** What the client is called. */
    static String name(int client) {
        return String.valueOf((char) ('a' + client));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (kind.ofClient()) {
            text.append(name(client)).append('.');
        }
        text.append(kind.word());
        for (int i = 0; i < keys.size(); i++) {
            text.append(i == 0 ? '(' : ',').append(keys.get(i));
        }
        return text.append(keys.isEmpty() ? "" : ")").toString();
    }
}
