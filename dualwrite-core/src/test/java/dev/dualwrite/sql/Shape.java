package dev.dualwrite.sql;

import java.util.List;
import java.util.stream.Collectors;

/** Writes what was read as one line, so that tables of expectations stay readable. */
final class Shape {

    private Shape() {}

    static final StatementReader MYSQL = new StatementReader(SqlDialect.mysql(80403));

    static String of(String sql) {
        return of(MYSQL.read(sql));
    }

    static String of(Statement statement) {
        if (statement instanceof Statement.Select select) {
            return "SELECT " + select.locking() + (select.into() ? " INTO" : "");
        }
        if (statement instanceof Statement.Insert insert) {
            return "INSERT " + insert.table().name() + insert.columns()
                    + insert.rows().stream().map(Shape::row).collect(Collectors.joining());
        }
        if (statement instanceof Statement.Update update) {
            return "UPDATE " + update.table().name()
                    + update.assignments().stream()
                            .map(a -> a.column() + "=" + expr(a.value()))
                            .toList()
                    + where(update.where());
        }
        if (statement instanceof Statement.Delete delete) {
            return "DELETE " + delete.table().name() + where(delete.where());
        }
        Statement.Other other = (Statement.Other) statement;
        return other.kind() + (other.names().isEmpty() ? "" : other.names().toString());
    }

    static String tables(String sql) {
        return MYSQL.read(sql).tables().refs().stream()
                .map(ref -> ref.schema() == null ? ref.name() : ref.schema() + "." + ref.name())
                .collect(Collectors.joining(" "));
    }

    static String where(Where where) {
        return where.span() == null
                ? " all"
                : " " + where.terms().stream().map(Shape::term).toList();
    }

    private static String term(Term term) {
        if (term instanceof Term.Equal equal) {
            return equal.column() + "=" + expr(equal.value());
        }
        if (term instanceof Term.In in) {
            return in.column() + " in" + exprs(in.values());
        }
        if (term instanceof Term.RowIn rows) {
            return rows.columns() + " in" + rows.rows().stream().map(Shape::row).toList();
        }
        return "~";
    }

    private static String row(Row row) {
        return exprs(row.values());
    }

    private static String exprs(List<Expr> exprs) {
        return exprs.stream().map(Shape::expr).collect(Collectors.joining(",", "(", ")"));
    }

    static String expr(Expr expr) {
        if (expr instanceof Expr.Param param) {
            return "?" + param.index();
        }
        if (expr instanceof Expr.IntegerLiteral literal) {
            return literal.text();
        }
        if (expr instanceof Expr.DecimalLiteral literal) {
            return literal.text() + "d";
        }
        if (expr instanceof Expr.StringLiteral literal) {
            return "'" + literal.value() + "'";
        }
        if (expr instanceof Expr.HexLiteral literal) {
            return "x" + literal.digits();
        }
        if (expr instanceof Expr.ColumnRef column) {
            return column.name();
        }
        return expr instanceof Expr.Opaque ? "~" : expr instanceof Expr.Null ? "NULL" : "DEFAULT";
    }
}
