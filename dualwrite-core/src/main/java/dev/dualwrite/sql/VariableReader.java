package dev.dualwrite.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what a SET statement sets. */
final class VariableReader {

    private final Text text;
    private final Tokens tokens;
    private final List<String> session = new ArrayList<>();
    private final List<String> global = new ArrayList<>();
    private boolean transaction;
    private boolean wideScope;
    private boolean surelySession;

    VariableReader(Text text) {
        this.text = text;
        this.tokens = text.tokens();
    }

    Statement read() {
        switch (tokens.keyword(1)) {
            case STATEMENT -> {
                if (!tokens.is(2, '=')) {
                    return text.unknown("SET STATEMENT");
                }
            }
            case PASSWORD -> {
                return text.other(Kind.ACCOUNT, "SET PASSWORD");
            }
            case DEFAULT -> {
                return text.other(Kind.ACCOUNT, "SET DEFAULT ROLE");
            }
            default -> {
                // a list of variables
            }
        }
        int i = 1;
        while (i < text.end()) {
            if (!item(i)) {
                return text.unknown("SET");
            }
            i = itemEnd(i) + 1;
        }
        if (transaction) {
            return text.other(Kind.TRANSACTION_CONTROL, "SET", names());
        }
        if (!global.isEmpty() && surelySession) {
            return text.other(Kind.SET_MIXED, "SET", names());
        }
        if (!global.isEmpty()) {
            return text.other(Kind.SET_GLOBAL, "SET GLOBAL", names());
        }
        if (!session.isEmpty()) {
            return text.other(Kind.SET_SESSION, "SET", session);
        }
        return text.end() > 1 ? text.other(Kind.SET_USER_VARIABLE, "SET") : text.unknown("SET");
    }

    /** The last scope written also holds for the variables after it, so which of them are global is not certain. */
    private List<String> names() {
        List<String> names = new ArrayList<>(session);
        names.addAll(global);
        return names;
    }

    private int itemEnd(int from) {
        int i = from;
        while (i < text.end() && !tokens.is(i, ',')) {
            i = tokens.is(i, '(') ? tokens.partner(i) + 1 : i + 1;
        }
        return i;
    }

    private boolean item(int from) {
        int i = from;
        boolean wide = false;
        switch (tokens.keyword(i)) {
            case GLOBAL, PERSIST, PERSIST_ONLY -> {
                wide = true;
                wideScope = true;
                i++;
            }
            case SESSION, LOCAL -> {
                wideScope = false;
                i++;
            }
            default -> {
                // no scope
            }
        }
        return switch (tokens.type(i)) {
            case USER_VARIABLE -> assigns(i + 1);
            case SYSTEM_VARIABLE -> systemVariable(i);
            case WORD, QUOTED -> word(i, wide);
            default -> false;
        };
    }

    private boolean assigns(int i) {
        return tokens.is(i, '=') || tokens.is(i, ":=");
    }

    private boolean word(int i, boolean wide) {
        switch (tokens.keyword(i)) {
            case TRANSACTION -> {
                set("transaction", wide);
                transaction |= !wide;
                return !assigns(i + 1);
            }
            case NAMES, CHARSET, ROLE, RESOURCE -> {
                if (!assigns(i + 1)) {
                    set(tokens.text(i), wide);
                    return true;
                }
            }
            case CHARACTER -> {
                set("charset", wide);
                return tokens.is(i + 1, Keyword.SET);
            }
            default -> {
                // a variable
            }
        }
        if (!tokens.isName(i)) {
            return false;
        }
        int last = i;
        while (tokens.is(last + 1, '.') && tokens.isName(last + 2)) {
            last += 2;
        }
        if (!assigns(last + 1)) {
            return false;
        }
        set(tokens.name(last), wide);
        return true;
    }

    /** {@code @@x}, {@code @@session.x}, {@code @@global.x}. */
    private boolean systemVariable(int i) {
        String name = tokens.text(i).substring(2).toLowerCase(Locale.ROOT);
        boolean wide = name.startsWith("global.") || name.startsWith("persist");
        if (name.isEmpty() || name.indexOf('`') >= 0 || !assigns(i + 1)) {
            return false;
        }
        set(name.substring(name.lastIndexOf('.') + 1), wide);
        surelySession |= !wide;
        return true;
    }

    private void set(String name, boolean wide) {
        String lower = name.toLowerCase(Locale.ROOT);
        (wide ? global : session).add(lower);
        transaction |= !wide && isTransactional(lower);
        surelySession |= !wide && !wideScope;
    }

    private static boolean isTransactional(String name) {
        return switch (name) {
            case "autocommit",
                    "completion_type",
                    "transaction_isolation",
                    "tx_isolation",
                    "transaction_read_only",
                    "tx_read_only" -> true;
            default -> false;
        };
    }
}
