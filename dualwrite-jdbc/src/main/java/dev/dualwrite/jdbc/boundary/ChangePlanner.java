package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.schema.Column;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.KeyColumn;
import dev.dualwrite.key.KeyType;
import dev.dualwrite.sql.Assignment;
import dev.dualwrite.sql.Expr;
import dev.dualwrite.sql.Features;
import dev.dualwrite.sql.Row;
import dev.dualwrite.sql.Statement;
import dev.dualwrite.sql.Term;
import dev.dualwrite.sql.Where;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out, once per text, from where the keys of a change are known; refuses if from nowhere. */
final class ChangePlanner {
    private static final Set<String> WHOLE_NUMBERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year");

    /** More keys than this in one condition are asked of the server instead of being multiplied out. */
    private static final int PINNED = 1_000;

    private final Table table;
    private final Names names;

    /** @param names of the side that the statement runs on */
    ChangePlanner(Table table, Names names) {
        this.table = table;
        this.names = names;
    }

    /** Says why a change cannot be captured. */
    static final class Uncapturable extends Exception {
        private static final long serialVersionUID = 1L;

        private final Refusal why;
        private final String where;

        Uncapturable(Refusal why, String where) {
            super(where, null, false, false);
            this.why = why;
            this.where = where;
        }

        Plan.Refused in(String statement) {
            return new Plan.Refused(why, statement + " (" + where + ")");
        }
    }

    Change.Insert insert(Statement.Insert insert) throws Uncapturable {
        List<String> columns = insert.columns();
        if (columns.isEmpty()) {
            columns = table.visible().stream().map(Column::name).toList();
        }
        List<List<@Nullable Expr>> rows = new ArrayList<>();
        for (Row row : insert.rows()) {
            boolean defaults = row.values().isEmpty() && insert.columns().isEmpty();
            if (!defaults && row.values().size() != columns.size()) {
                throw new Uncapturable(Refusal.SHAPE, row.values().size() + " values, " + columns.size() + " columns");
            }
            List<@Nullable Expr> parts = new ArrayList<>();
            for (KeyColumn key : table.key().columns()) {
                int at = defaults ? -1 : indexOf(columns, key.name());
                parts.add(at < 0 ? leftOut(key) : part(key, row.values().get(at), insert));
            }
            rows.add(Collections.unmodifiableList(parts));
        }
        return new Change.Insert(table, List.copyOf(rows), !insert.features().calls("LAST_INSERT_ID"));
    }

    private @Nullable Expr leftOut(KeyColumn key) throws Uncapturable {
        if (!generates(key)) {
            throw new Uncapturable(Refusal.KEY_DEFAULT, table.name() + "." + key.name());
        }
        return null;
    }

    private @Nullable Expr part(KeyColumn key, Expr value, Statement.Insert insert) throws Uncapturable {
        if (value instanceof Expr.Default && !generates(key)) {
            throw new Uncapturable(Refusal.KEY_DEFAULT, table.name() + "." + key.name());
        }
        if (value instanceof Expr.Null && generates(key)) {
            return null;
        }
        if (value instanceof Expr.ColumnRef) {
            throw new Uncapturable(Refusal.KEY_EXPRESSION, table.name() + "." + key.name());
        }
        if (value instanceof Expr.Opaque opaque) {
            boolean constant =
                    opaque.identifiers().isEmpty() && Functions.pure(opaque.functions()) && constant(insert.features());
            if (!constant || !computable(key, opaque, insert.sql(), false)) {
                throw new Uncapturable(Refusal.KEY_EXPRESSION, table.name() + "." + key.name());
            }
        }
        return value;
    }

    /** Whether this key column is filled by the server when it is left out. */
    private boolean generates(KeyColumn key) {
        return table.autoIncrement()
                .filter(auto -> auto.name().equals(key.name()))
                .isPresent();
    }

    private static boolean constant(Features features) {
        return !features.userVariables()
                && !features.assignments()
                && !features.systemVariables()
                && !features.subquery()
                && !features.executableComment();
    }

    /** Whether a cast in a SELECT gives what the server stores: of whole numbers only if no text is involved. */
    private boolean computable(KeyColumn key, Expr.Opaque value, String sql, boolean columns) {
        if (key.type() == KeyType.YEAR) {
            return false;
        }
        if (key.type() != KeyType.INTEGER) {
            return true;
        }
        String text = value.span().in(sql);
        return value.functions().isEmpty()
                && text.indexOf('\'') < 0
                && text.indexOf('"') < 0
                && value.identifiers().stream().allMatch(name -> columns && wholeNumber(name));
    }

    /**
     * Whether a text is made of a column that is a text of its own where it is read, and a number where it is stored: 00042
     * and 42, or a bit's letter and 65.
     */
    private boolean speltTwice(KeyColumn key, Set<String> columns) {
        boolean spelt = key.type() == KeyType.TEXT || key.type() == KeyType.BINARY;
        return spelt
                && columns.stream()
                        .flatMap(name -> column(name).stream())
                        .anyMatch(column -> column.dataType().equals("bit")
                                || column.sqlType().toLowerCase(Locale.ROOT).contains("zerofill"));
    }

    private boolean wholeNumber(String column) {
        return column(column).filter(c -> WHOLE_NUMBERS.contains(c.dataType())).isPresent();
    }

    private Optional<Column> column(String name) {
        return table.columns().stream()
                .filter(c -> c.name().equalsIgnoreCase(name))
                .findFirst();
    }

    Change.Rows delete(Statement.Delete delete) {
        return rows(delete, List.of());
    }

    Change.Rows update(Statement.Update update) throws Uncapturable {
        List<Change.KeyAssignment> assigned = new ArrayList<>();
        for (Assignment assignment : update.assignments()) {
            int at = table.keyIndex(assignment.column());
            if (at >= 0) {
                check(table.key().columns().get(at), assignment, update);
                assigned.add(new Change.KeyAssignment(at, assignment));
            }
        }
        return rows(update, List.copyOf(assigned));
    }

    private Change.Rows rows(Statement.Selective statement, List<Change.KeyAssignment> assigned) {
        Where where = statement.where();
        return new Change.Rows(
                table,
                statement,
                pinned(where),
                assigned,
                repeatable(where, statement.features()),
                where.subqueryEnds() != null
                        && statement.others().refs().stream().allMatch(names::baseTable),
                byRowAlone(statement));
    }

    private void check(KeyColumn key, Assignment assignment, Statement.Update update) throws Uncapturable {
        Expr value = assignment.value();
        boolean known;
        if (value instanceof Expr.Default || value instanceof Expr.Null) {
            known = false;
        } else if (value instanceof Expr.ColumnRef ref) {
            known = assignment.selectable()
                    && key.type() != KeyType.YEAR
                    && column(ref.name()).isPresent()
                    && !speltTwice(key, Set.of(ref.name()))
                    && (key.type() != KeyType.INTEGER || wholeNumber(ref.name()));
        } else if (value instanceof Expr.Opaque opaque) {
            known = assignment.selectable()
                    && Functions.pure(opaque.functions())
                    && constant(update.features())
                    && !speltTwice(key, opaque.identifiers())
                    && computable(key, opaque, update.sql(), true);
        } else {
            known = true;
        }
        if (!known) {
            throw new Uncapturable(Refusal.KEY_EXPRESSION, table.name() + "." + key.name());
        }
    }

    /**
     * Not with MATCH, which is answered from an index of words that no lock covers; nor with a TIME, which is compared
     * with a DATETIME as one of today; nor with a clause, such as that of NEXT VALUE FOR.
     */
    private boolean byRowAlone(Statement.Selective statement) {
        Where where = statement.where();
        boolean times = table.columns().stream()
                .anyMatch(column -> column.dataType().equals("time") && statement.mentions(column.name()));
        return !where.subquery()
                && where.subqueryEnds() != null
                && Functions.pure(where.functions())
                && !statement.features().calls("CAST")
                && !statement.features().calls("CONVERT")
                && !statement.features().systemVariables()
                && !statement.features().userVariables()
                && !times
                && !statement.mentions("TIME")
                && !statement.mentions("MATCH");
    }

    private static boolean repeatable(Where where, Features features) {
        return Functions.repeatable(where.functions()) && !features.assignments() && !features.executableComment();
    }

    private @Nullable List<List<Expr>> pinned(Where where) {
        int width = table.key().columns().size();
        List<@Nullable List<Expr>> byColumn = new ArrayList<>(Collections.nCopies(width, null));
        for (Term term : where.terms()) {
            if (term instanceof Term.RowIn rows) {
                List<List<Expr>> tuples = tuples(rows);
                if (tuples != null) {
                    return tuples;
                }
            } else if (term instanceof Term.Equal equal && table.keyIndex(equal.column()) >= 0) {
                byColumn.set(table.keyIndex(equal.column()), List.of(equal.value()));
            } else if (term instanceof Term.In in
                    && table.keyIndex(in.column()) >= 0
                    && byColumn.get(table.keyIndex(in.column())) == null) {
                byColumn.set(table.keyIndex(in.column()), in.values());
            }
        }
        List<List<Expr>> keys = List.of(List.of());
        for (List<Expr> values : byColumn) {
            if (values == null || (long) keys.size() * values.size() > PINNED) {
                return null;
            }
            List<List<Expr>> longer = new ArrayList<>(keys.size() * values.size());
            for (List<Expr> key : keys) {
                for (Expr value : values) {
                    if (!plain(value)) {
                        return null;
                    }
                    List<Expr> next = new ArrayList<>(key);
                    next.add(value);
                    longer.add(List.copyOf(next));
                }
            }
            keys = longer;
        }
        return List.copyOf(keys);
    }

    private @Nullable List<List<Expr>> tuples(Term.RowIn rows) {
        List<List<Expr>> keys = new ArrayList<>();
        for (Row row : rows.rows()) {
            List<Expr> key = new ArrayList<>();
            for (KeyColumn column : table.key().columns()) {
                int at = indexOf(rows.columns(), column.name());
                if (at < 0 || !plain(row.values().get(at))) {
                    return null;
                }
                key.add(row.values().get(at));
            }
            keys.add(List.copyOf(key));
        }
        return keys.size() > PINNED ? null : List.copyOf(keys);
    }

    private static boolean plain(Expr value) {
        return value instanceof Expr.Param
                || value instanceof Expr.IntegerLiteral
                || value instanceof Expr.StringLiteral
                || value instanceof Expr.HexLiteral;
    }

    private static int indexOf(List<String> columns, String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }
}
