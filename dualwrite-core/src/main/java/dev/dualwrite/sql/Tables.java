package dev.dualwrite.sql;

import java.util.List;

/**
 * The tables that a statement refers to, in the order of the text, the same table as often as it is named. For a
 * statement that is not {@link Statement.Other} it holds every one of them, and possibly a name that is no table.
 */
public record Tables(List<TableRef> refs) {

    public Tables {
        refs = List.copyOf(refs);
    }

    /** All but the one that stands at the target's place. */
    Tables without(TableRef target) {
        return new Tables(refs.stream()
                .filter(ref -> ref.span().start() != target.span().start())
                .toList());
    }
}
