package dev.dualwrite.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that WITH clauses define, and where each of them certainly hides a table of the same name. */
final class Ctes {

    /** More definitions than this are not looked at, and their names are taken for tables. */
    private static final int LIMIT = 64;

    private record Scope(int from, int to) {}

    private final Tokens tokens;
    private final Map<String, List<Scope>> scopes = new HashMap<>();
    private int count;

    Ctes(Tokens tokens) {
        this.tokens = tokens;
    }

    /**
     * Reads the list after a WITH.
     *
     * @param to where the parenthesis ends that the WITH stands in, or the text
     * @return the first token after the list, or -1 if this is no such list
     */
    int define(int with, int to) {
        int i = with + 1;
        boolean recursive = tokens.is(i, Keyword.RECURSIVE);
        if (recursive) {
            i++;
        }
        while (tokens.isName(i)) {
            String name = Names.fold(tokens.name(i));
            i++;
            if (tokens.is(i, '(')) {
                i = tokens.partner(i) + 1;
            }
            int open = i + 1;
            if (i == 0 || !tokens.is(i, Keyword.AS) || !tokens.is(open, '(') || tokens.partner(open) < 0) {
                return -1;
            }
            int close = tokens.partner(open);
            if (count < LIMIT) {
                scopes.computeIfAbsent(name, key -> new ArrayList<>()).add(new Scope(recursive ? open : close, to));
                count++;
            }
            i = close + 1;
            if (!tokens.is(i, ',')) {
                return i;
            }
            i++;
        }
        return -1;
    }

    /** Whether an unqualified name at this token is one of the definitions. */
    boolean hides(String name, int at) {
        if (count == 0) {
            return false;
        }
        @Nullable List<Scope> candidates = scopes.get(Names.fold(name));
        return candidates != null && candidates.stream().anyMatch(scope -> at > scope.from() && at < scope.to());
    }
}
