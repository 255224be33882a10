package dev.dualwrite.jdbc.follower;

import dev.dualwrite.key.Key;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.Sql;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys in the order of the primary key, as the server compares them.
 *
 * @param from the lower end, or null: from the beginning
 * @param withFrom whether the lower end belongs to it
 * @param to the upper end, or null: to the end, which stays open for keys to come
 * @param withTo whether the upper end belongs to it
 */
record KeyRange(
        @Nullable Key from, boolean withFrom, @Nullable Key to, boolean withTo) {

    /** From a key on, that key included, up to another, which is not: a chunk. */
    static KeyRange chunk(@Nullable Key from, @Nullable Key to) {
        return new KeyRange(from, true, to, false);
    }

    /** Behind a key, up to and with another: a page. */
    static KeyRange page(@Nullable Key after, @Nullable Key last) {
        return new KeyRange(after, false, last, true);
    }

    /** What is left of it behind a key. */
    KeyRange behind(Key reached) {
        return new KeyRange(reached, false, to, withTo);
    }

    /** Its part up to and with a key. */
    KeyRange upTo(Key last) {
        return new KeyRange(from, withFrom, last, true);
    }

    /** The condition that its rows fulfil, with {@code WHERE} in front of it; empty if all do. */
    String where(KeySpec key) {
        List<String> conditions = new ArrayList<>();
        if (from != null) {
            conditions.add(bound(key, from, ">", withFrom));
        }
        if (to != null) {
            conditions.add(bound(key, to, "<", withTo));
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    /** {@code a > x OR (a = x AND b > y)}, or with {@code <}; with {@code inclusive}, the equal key too. */
    private static String bound(KeySpec key, Key bound, String operator, boolean inclusive) {
        List<String> alternatives = new ArrayList<>();
        StringBuilder equal = new StringBuilder();
        int last = key.columns().size() - 1;
        for (int i = 0; i <= last; i++) {
            String column = Sql.name(key.columns().get(i).name());
            String literal = key.literal(i, bound.values().get(i));
            alternatives.add(equal + column + ' ' + operator + (i == last && inclusive ? "= " : " ") + literal);
            equal.append(column).append(" = ").append(literal).append(" AND ");
        }
        return alternatives.size() == 1 ? alternatives.get(0) : "((" + String.join(") OR (", alternatives) + "))";
    }
}
