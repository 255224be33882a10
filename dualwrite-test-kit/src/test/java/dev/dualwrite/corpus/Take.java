package dev.dualwrite.corpus;

import java.util.Set;
import java.util.TreeSet;

/**
 * What somebody takes a statement for.
 *
 * @param parameters how many it has
 * @param verbs what it needs the right to do, out of INSERT, UPDATE and DELETE; none for a query
 * @param tables all that it names, without their schema
 */
record Take(int parameters, Set<String> verbs, Set<String> tables) {
    Take {
        verbs = new TreeSet<>(verbs);
        tables = new TreeSet<>(tables);
    }
}
