package dev.dualwrite.sql;

import java.util.ArrayList;
import java.util.List;

/** Cuts the derived statements. */
final class Derivation {

    private Derivation() {}

    static DerivedSql keySelect(
            String sql, SourceSpan target, Where where, List<String> keyColumns, List<Assignment> values) {
        StringBuilder out = new StringBuilder(sql.length() + 32).append("SELECT ");
        List<Integer> params = new ArrayList<>();
        String separator = "";
        for (String column : keyColumns) {
            out.append(separator).append('`').append(column.replace("`", "``")).append('`');
            separator = ", ";
        }
        for (Assignment value : values) {
            if (!value.selectable()) {
                throw new IllegalArgumentException("a SELECT cannot compute what is assigned to " + value.column());
            }
            out.append(separator).append('(').append(value.span().in(sql)).append(')');
            params.addAll(value.params());
            separator = ", ";
        }
        out.append(" FROM ").append(target.in(sql));
        SourceSpan condition = where.span();
        if (condition != null) {
            out.append(" WHERE ").append(condition.in(sql));
        }
        params.addAll(where.params());
        return new DerivedSql(out.append(" FOR UPDATE").toString(), params);
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
