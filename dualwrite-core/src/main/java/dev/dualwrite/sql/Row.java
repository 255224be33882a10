package dev.dualwrite.sql;

import java.util.List;

/** One row of an INSERT. No values at all means that every column takes its default. */
public record Row(List<Expr> values) {

    public Row {
        values = List.copyOf(values);
    }
}
