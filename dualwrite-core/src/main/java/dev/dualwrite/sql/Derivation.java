package dev.dualwrite.sql;

import java.util.ArrayList;
import java.util.List;

/** Cuts the derived statements. */
final class Derivation {

    private Derivation() {}

    static DerivedSql keySelect(
            Statement.Selective statement, List<String> select, List<Integer> selectParams, String tail, String lock) {
        String sql = statement.sql();
        Where where = statement.where();
        StringBuilder out = new StringBuilder(sql.length() + 64)
                .append("SELECT ")
                .append(String.join(", ", select))
                .append(" FROM ")
                .append(statement.target().in(sql));
        SourceSpan condition = where.span();
        if (condition != null) {
            out.append(" WHERE ");
            int at = condition.start();
            for (int end : lock.isEmpty() ? List.<Integer>of() : lockable(where)) {
                out.append(sql, at, end).append(' ').append(lock);
                at = end;
            }
            out.append(sql, at, condition.end());
        }
        List<Integer> params = new ArrayList<>(selectParams);
        params.addAll(where.params());
        return new DerivedSql(out.append(tail).append(" FOR UPDATE").toString(), params);
    }

    private static List<Integer> lockable(Where where) {
        List<Integer> ends = where.subqueryEnds();
        if (ends == null) {
            throw new IllegalArgumentException("a subquery of the condition cannot take a locking clause");
        }
        return ends;
    }

    static DerivedSql restricted(String sql, int paramCount, Where where, int insertAt, String predicate) {
        StringBuilder out = new StringBuilder(sql.length() + predicate.length() + 16);
        SourceSpan condition = where.span();
        if (condition == null) {
            out.append(sql, 0, insertAt).append(" WHERE (").append(predicate).append(')');
        } else {
            out.append(sql, 0, condition.start())
                    .append('(')
                    .append(condition.in(sql))
                    .append(") AND (")
                    .append(predicate)
                    .append(')');
        }
        List<Integer> params = new ArrayList<>(paramCount);
        for (int index = 1; index <= paramCount; index++) {
            params.add(index);
        }
        return new DerivedSql(out.append(sql, insertAt, sql.length()).toString(), params);
    }
}
