package dev.dualwrite.sql;

import java.util.List;

/**
 * A statement cut from another one.
 *
 * @param params for each parameter of {@code sql}, in order, the JDBC index of the original statement that it repeats.
 *     Parameters in text that the caller added are not in the list and come after these
 */
public record DerivedSql(String sql, List<Integer> params) {

    public DerivedSql {
        params = List.copyOf(params);
    }
}
