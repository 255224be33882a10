package dev.dualwrite.corpus;

import dev.dualwrite.sql.Kind;
import dev.dualwrite.sql.Statement;
import dev.dualwrite.sql.TableRef;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the library's reader takes statements for, in the words that servers are asked in. */
final class Takes {
    private Takes() {}

    /** Empty for what the reader does not claim to know. */
    static Optional<Set<String>> verbs(Statement statement) {
        if (statement instanceof Statement.Select) {
            return Optional.of(Set.of());
        }
        if (statement instanceof Statement.Insert) {
            return Optional.of(Set.of("INSERT"));
        }
        if (statement instanceof Statement.Update) {
            return Optional.of(Set.of("UPDATE"));
        }
        if (statement instanceof Statement.Delete) {
            return Optional.of(Set.of("DELETE"));
        }
        return statement instanceof Statement.Other other ? verbs(other.kind()) : Optional.empty();
    }

    private static Optional<Set<String>> verbs(Kind kind) {
        return switch (kind) {
            case INSERT_ON_DUPLICATE -> Optional.of(Set.of("INSERT", "UPDATE"));
            case REPLACE -> Optional.of(Set.of("INSERT", "DELETE"));
            case UPDATE_IGNORE, UPDATE_LIMIT, ORDERED_UPDATE, MULTI_TABLE_UPDATE -> Optional.of(Set.of("UPDATE"));
            case DELETE_IGNORE, DELETE_LIMIT, ORDERED_DELETE, MULTI_TABLE_DELETE, DELETE_USING ->
                Optional.of(Set.of("DELETE"));
            default -> Optional.empty();
        };
    }

    static Set<String> tables(Statement statement) {
        return statement.tables().refs().stream().map(TableRef::name).collect(Collectors.toSet());
    }

    /** The last part of a name, its quotes taken off. */
    static String bare(String name) {
        char quote = name.isEmpty() ? ' ' : name.charAt(name.length() - 1);
        if (quote == '`' || quote == '"') {
            int start = name.length() - 2;
            while (start >= 0 && (name.charAt(start) != quote || (start > 0 && name.charAt(start - 1) == quote))) {
                start -= name.charAt(start) == quote ? 2 : 1;
            }
            return name.substring(start + 1, name.length() - 1).replace("" + quote + quote, "" + quote);
        }
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
