package dev.dualwrite.jdbc.transparency;

import java.util.Set;
import java.util.function.Supplier;

/**
 * Statements of one text with ever other values.
 *
 * @param sort what it answers
 * @param refusals by which of these the boundary may refuse it, on purpose
 */
record Template(Sort sort, Supplier<Phrase> next, Set<Refused> refusals) {

    enum Sort {
        ROWS,
        COUNT,
        KEYS
    }

    static Template rows(Supplier<Phrase> next, Refused... refusals) {
        return new Template(Sort.ROWS, next, Set.of(refusals));
    }

    static Template count(Supplier<Phrase> next, Refused... refusals) {
        return new Template(Sort.COUNT, next, Set.of(refusals));
    }

    static Template keys(Supplier<Phrase> next, Refused... refusals) {
        return new Template(Sort.KEYS, next, Set.of(refusals));
    }

    Phrase phrase() {
        return next.get();
    }
}
