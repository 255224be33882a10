package dev.dualwrite.sql;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what is known about every text. */
final class ReadingScan {

    private final Tokens tokens;
    private final Set<String> names = new HashSet<>();
    private final Set<FunctionRef> functions = new LinkedHashSet<>();
    private boolean userVariables;
    private boolean assignments;
    private boolean systemVariables;
    private boolean jdbcEscape;
    private boolean subquery;
    private boolean textAsData;

    private ReadingScan(Tokens tokens) {
        this.tokens = tokens;
    }

    static Reading of(Tokens tokens) {
        return new ReadingScan(tokens).read();
    }

    private Reading read() {
        TableScan tables = TableScan.of(tokens);
        for (int i = 0; i < tokens.size(); i++) {
            token(i, tables);
        }
        Features features = new Features(
                functions,
                userVariables,
                assignments,
                systemVariables,
                tokens.hasExecutableComment(),
                jdbcEscape,
                subquery);
        boolean unsafe = tokens.trouble() != null || textAsData;
        return new Reading(
                tokens.sql(), tokens.params(), new Tables(tables.refs()), features, Set.copyOf(names), unsafe);
    }

    private void token(int i, TableScan tables) {
        switch (tokens.type(i)) {
            case WORD, QUOTED -> word(i, tables);
            case DOUBLE_STRING -> names.add(Names.fold(tokens.name(i)));
            case USER_VARIABLE -> userVariables = true;
            case SYSTEM_VARIABLE -> systemVariables = true;
            case SYMBOL -> {
                assignments |= tokens.is(i, ":=");
                jdbcEscape |= tokens.is(i, '{');
            }
            default -> {
                // no name
            }
        }
    }

    private void word(int i, TableScan tables) {
        names.add(Names.fold(tokens.name(i)));
        switch (tokens.keyword(i)) {
            case SELECT, TABLE, VALUES, WITH -> subquery |= tokens.is(i - 1, '(');
            case PREPARE, EXECUTE -> textAsData = true;
            default -> {
                // nothing to remember
            }
        }
        @Nullable FunctionRef function = tables.isTableName(i) ? null : Exprs.function(tokens, i);
        if (function != null) {
            functions.add(function);
        }
    }
}
