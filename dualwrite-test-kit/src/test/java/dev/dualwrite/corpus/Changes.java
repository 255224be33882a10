package dev.dualwrite.corpus;

import dev.dualwrite.corpus.Scratch.Column;
import dev.dualwrite.corpus.Scratch.ColumnType;
import dev.dualwrite.corpus.Scratch.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws whole statements. */
final class Changes {
    private final Words words;
    private final Values values;
    private final Conditions conditions;

    Changes(Words words) {
        this.words = words;
        this.values = new Values(words);
        this.conditions = new Conditions(words, values);
    }

    /** Writes one; answers the table that it is about. */
    @Nullable String write(Form form) {
        Table table = form == Form.OUTSIDE ? Scratch.ELSEWHERE : words.any(Scratch.MOVED);
        switch (form) {
            case INSERT_VALUES, INSERT_SET, INSERT_VALUES_ROW, INSERT_ON_DUPLICATE, INSERT_ROW_ALIAS ->
                insert(form, table);
            case INSERT_IGNORE, INSERT_RETURNING, INSERT_SELECT -> insert(form, table);
            case REPLACE_VALUES, REPLACE_SELECT -> {
                table = words.any(Scratch.ITEM, Scratch.ITEM, Scratch.COIN, Scratch.PAIR);
                insert(form, table);
            }
            case UPDATE, UPDATE_OF_KEYS, UPDATE_LIMIT, UPDATE_ORDERED, UPDATE_IGNORE, UPDATE_HINTED ->
                update(form, table);
            case UPDATE_WITH -> with(this::updateByCte);
            case UPDATE_JOIN -> {
                table = Scratch.ITEM;
                updateJoin();
            }
            case DELETE, DELETE_LIMIT, DELETE_IGNORE, DELETE_RETURNING -> delete(form, table);
            case DELETE_WITH -> with(this::deleteByCte);
            case DELETE_JOIN, DELETE_USING -> {
                table = Scratch.ITEM;
                deleteJoin(form == Form.DELETE_USING);
            }
            case THROUGH_VIEW -> {
                view();
                return "items";
            }
            case OUTSIDE -> outside();
            case SELECT -> {
                select();
                return null;
            }
        }
        return form == Form.UPDATE_WITH || form == Form.DELETE_WITH ? "item" : table.name();
    }

    private void target(Table table) {
        if (words.oneIn(8)) {
            words.qualified(table.name());
        } else {
            words.table(table.name());
        }
    }

    private void insert(Form form, Table table) {
        boolean replace = form == Form.REPLACE_VALUES || form == Form.REPLACE_SELECT;
        words.keyword(replace ? "REPLACE" : "INSERT");
        hint(table);
        if (words.oneIn(8)) {
            words.trait(Trait.MODIFIER).keyword(replace ? "LOW_PRIORITY" : words.any("LOW_PRIORITY", "HIGH_PRIORITY"));
        }
        if (form == Form.INSERT_IGNORE) {
            words.keyword("IGNORE");
        }
        if (words.oneIn(6)) {
            words.trait(Trait.NO_INTO);
        } else {
            words.keyword("INTO");
        }
        target(table);
        boolean set = form == Form.INSERT_SET || (form == Form.INSERT_ON_DUPLICATE && words.oneIn(3));
        if (form == Form.INSERT_SELECT || form == Form.REPLACE_SELECT) {
            insertSelect(table);
        } else if (set) {
            words.keyword("SET");
            assignments(insertColumns(table));
        } else {
            rows(form, table);
        }
        if (form == Form.INSERT_ROW_ALIAS) {
            words.trait(Trait.ROW_ALIAS).keyword("AS").name("fresh");
        }
        if (form == Form.INSERT_ON_DUPLICATE || form == Form.INSERT_ROW_ALIAS) {
            onDuplicate(table, form == Form.INSERT_ROW_ALIAS);
        }
        if (form == Form.INSERT_RETURNING) {
            words.keyword("RETURNING").add("*");
        }
    }

    private void hint(Table table) {
        if (words.oneIn(12) && !table.name().contains(" ")) {
            words.trait(Trait.HINT).add(words.any("/*+ NO_MERGE(" + table.name() + ") */", "/*+ QB_NAME(`q?`) */"));
        }
    }

    /** Columns in any order; one that is generated may be left out. */
    private List<Column> insertColumns(Table table) {
        List<Column> columns = new ArrayList<>();
        for (Column column : table.columns()) {
            boolean key = table.key().contains(column);
            if (column.type() == ColumnType.AUTO ? words.oneIn(2) : key || words.oneIn(2)) {
                columns.add(words.below(columns.size() + 1), column);
            }
        }
        if (columns.isEmpty()) {
            columns.add(table.others().get(0));
        }
        return columns;
    }

    private void assignments(List<Column> columns) {
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                words.add(",");
            }
            words.name(columns.get(i).name()).add("=");
            insertValue(columns.get(i));
        }
    }

    private void insertValue(Column column) {
        boolean key = !column.name().equals("v")
                && !column.name().equals("name")
                && !column.name().equals("code");
        if (key) {
            values.keyOfInsert(column);
        } else if (column.name().equals("v") && words.oneIn(3)) {
            values.scalarSubquery();
        } else {
            values.literals().constant(column);
        }
    }

    private void rows(Form form, Table table) {
        boolean list = !words.oneIn(4);
        List<Column> columns = list ? insertColumns(table) : table.columns();
        if (list) {
            columnList(columns);
        } else if (words.oneIn(12)) {
            words.trait(Trait.EMPTY_ROW).add("(", ")").keyword("VALUES").add("(", ")");
            return;
        }
        boolean row = form == Form.INSERT_VALUES_ROW;
        if (!row && words.oneIn(6)) {
            words.trait(Trait.VALUE).keyword("VALUE");
        } else {
            words.keyword("VALUES");
        }
        int count = words.any(1, 1, 2, 3);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                words.add(",");
            }
            if (row) {
                words.trait(Trait.VALUES_ROW).keyword("ROW");
            }
            words.add("(");
            for (int c = 0; c < columns.size(); c++) {
                if (c > 0) {
                    words.add(",");
                }
                insertValue(columns.get(c));
            }
            if (!list) {
                for (int c = 0; c < table.computed(); c++) {
                    words.add(",").keyword("DEFAULT");
                }
            }
            words.add(")");
        }
    }

    private void columnList(List<Column> columns) {
        words.add("(");
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                words.add(",");
            }
            words.name(columns.get(i).name());
        }
        words.add(")");
    }

    private void insertSelect(Table table) {
        List<Column> columns = table.columns();
        columnList(columns);
        int how = words.below(4);
        if (how == 0) {
            words.add("(");
        }
        if (how == 1) {
            words.trait(Trait.WITH).keyword("WITH").add("w", "AS", "(", "SELECT", "1", "AS", "one", ")");
        }
        words.keyword("SELECT");
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                words.add(",");
            }
            insertValue(columns.get(i).type() == ColumnType.AUTO ? new Column("v", ColumnType.INT) : columns.get(i));
        }
        if (how == 1) {
            words.keyword("FROM").add("w");
        } else if (words.oneIn(2)) {
            words.keyword("FROM").table("elsewhere").keyword("LIMIT").add("1");
        }
        if (how == 0) {
            words.add(")");
        }
    }

    private void onDuplicate(Table table, boolean alias) {
        words.keyword("ON").keyword("DUPLICATE").keyword("KEY").keyword("UPDATE");
        words.name("v").add("=");
        if (alias) {
            words.add("fresh.v", "+", "1");
        } else {
            words.<Runnable>any(
                            () -> words.add("VALUES(", "v", ")"),
                            () -> words.add("v", "+", "1"),
                            () -> values.literals().constant(new Column("v", ColumnType.INT)))
                    .run();
        }
        Column key = table.key().get(0);
        if (key.type() == ColumnType.AUTO && words.oneIn(3)) {
            words.add(",").name(key.name()).add("=", key.sql(), "+", "100");
        }
    }

    private void update(Form form, Table table) {
        words.keyword("UPDATE");
        hint(table);
        if (words.oneIn(8)) {
            words.trait(Trait.MODIFIER).keyword("LOW_PRIORITY");
        }
        if (form == Form.UPDATE_IGNORE) {
            words.keyword("IGNORE");
        }
        target(table);
        String alias = alias();
        if (form == Form.UPDATE_HINTED) {
            words.keyword(words.any("USE", "FORCE", "IGNORE")).keyword("INDEX").add("(", "PRIMARY", ")");
        }
        words.keyword("SET");
        String qualifier = alias.isEmpty() || words.oneIn(2) ? "" : alias + ".";
        set(form, table, qualifier);
        if (!words.oneIn(12)) {
            words.keyword("WHERE");
            conditions.of(table, qualifier);
        }
        limit(form == Form.UPDATE_LIMIT, form == Form.UPDATE_ORDERED);
    }

    private String alias() {
        if (!words.oneIn(4)) {
            return "";
        }
        words.trait(Trait.ALIAS);
        if (words.oneIn(2)) {
            words.keyword("AS");
        }
        words.add("t1");
        return "t1";
    }

    private void set(Form form, Table table, String qualifier) {
        boolean keyFirst = words.oneIn(2);
        boolean key = form == Form.UPDATE_OF_KEYS;
        if (key && keyFirst) {
            assignKey(table, qualifier);
            if (!words.oneIn(3)) {
                return;
            }
            words.add(",");
        }
        int count = words.any(1, 1, 2);
        List<Column> columns = table.others();
        for (int i = 0; i < Math.min(count, columns.size()); i++) {
            if (i > 0) {
                words.add(",");
            }
            words.name(columns.get(i).name());
            assign();
            values.value(columns.get(i), qualifier);
        }
        if (key && !keyFirst) {
            words.add(",");
            assignKey(table, qualifier);
        }
    }

    private void assign() {
        if (words.oneIn(12)) {
            words.trait(Trait.COLON_EQUALS).add(":=");
        } else {
            words.add("=");
        }
    }

    private void assignKey(Table table, String qualifier) {
        Column column = words.any(table.key());
        words.name(column.name());
        assign();
        values.keyOfUpdate(column, qualifier);
    }

    private void limit(boolean limited, boolean ordered) {
        if (ordered || (limited && words.oneIn(2))) {
            words.keyword("ORDER").keyword("BY").add("v");
            if (words.oneIn(2)) {
                words.keyword("DESC");
            }
        }
        if (limited) {
            words.keyword("LIMIT");
            if (words.oneIn(3)) {
                words.trait(Trait.LIMIT_PARAMETER).parameter(2);
            } else {
                words.add("2");
            }
        }
    }

    private void updateJoin() {
        words.keyword("UPDATE");
        switch (words.below(4)) {
            case 0 -> words.table("item").add("i", ",").table("pair").add("p");
            case 1 -> {
                words.trait(Trait.DERIVED_TABLE)
                        .table("item")
                        .add("i")
                        .keyword("JOIN")
                        .add("(", "SELECT", "a", ",", "v", "FROM");
                words.table("pair")
                        .add(")")
                        .keyword("AS")
                        .add("p")
                        .keyword("ON")
                        .add("p.a", "=", "i.id");
            }
            case 2 ->
                words.table("item")
                        .add("i")
                        .keyword("LEFT JOIN")
                        .table("pair")
                        .add("p")
                        .keyword("ON")
                        .add("p.a", "=", "i.id");
            default -> {
                words.table("item").keyword("AS").add("i").keyword(words.any("JOIN", "INNER JOIN", "STRAIGHT_JOIN"));
                words.table("pair").keyword("AS").add("p").keyword("ON").add("p.a", "=", "i.id");
            }
        }
        words.keyword("SET").add("i.v", "=");
        values.number("p.");
        if (words.oneIn(3)) {
            words.add(",", "i.id", "=", "i.id", "+", "100");
        }
        words.keyword("WHERE").add("p.a", "=", "i.id").keyword("AND");
        conditions.of(Scratch.ITEM, "i.");
    }

    private void with(Runnable change) {
        words.trait(Trait.WITH).keyword("WITH");
        if (words.oneIn(3)) {
            words.keyword("RECURSIVE")
                    .add("w", "(", "a", ")", "AS", "(", "SELECT", "1", "UNION", "SELECT", "a + 1", "FROM");
            words.add("w", "WHERE", "a", "<", "3", ")");
        } else {
            words.add("w")
                    .keyword("AS")
                    .add("(", "SELECT", "a", "FROM")
                    .table("pair")
                    .add(")");
        }
        change.run();
        words.keyword("WHERE").add("id").keyword("IN").add("(", "SELECT", "a", "FROM", "w", ")");
    }

    private void updateByCte() {
        words.keyword("UPDATE").table("item").keyword("SET").add("v", "=");
        values.number("");
    }

    private void deleteByCte() {
        words.keyword("DELETE").keyword("FROM").table("item");
    }

    private void delete(Form form, Table table) {
        words.keyword("DELETE");
        hint(table);
        if (words.oneIn(8)) {
            words.trait(Trait.MODIFIER).keyword(words.any("LOW_PRIORITY", "QUICK"));
        }
        if (form == Form.DELETE_IGNORE) {
            words.keyword("IGNORE");
        }
        words.keyword("FROM");
        target(table);
        String alias = words.oneIn(3) ? alias() : "";
        if (!words.oneIn(12)) {
            words.keyword("WHERE");
            conditions.of(table, alias.isEmpty() ? "" : alias + ".");
        }
        limit(form == Form.DELETE_LIMIT, false);
        if (form == Form.DELETE_RETURNING) {
            words.keyword("RETURNING").add("*");
        }
    }

    private void deleteJoin(boolean using) {
        words.keyword("DELETE");
        String targets = words.any("i", "i", "p");
        if (using) {
            words.keyword("FROM").add(targets).keyword("USING");
        } else {
            words.add(targets);
            if (words.oneIn(3)) {
                words.add(",", targets.equals("i") ? "p" : "i");
            }
            words.keyword("FROM");
        }
        words.table("item")
                .keyword("AS")
                .add("i")
                .keyword("JOIN")
                .table("pair")
                .keyword("AS")
                .add("p");
        words.keyword("ON").add("p.a", "=", "i.id").keyword("WHERE");
        conditions.of(Scratch.ITEM, "i.");
    }

    private void view() {
        switch (words.below(3)) {
            case 0 ->
                words.keyword("UPDATE")
                        .table("items")
                        .add("SET", "v", "=", "9")
                        .keyword("WHERE")
                        .add("id", "=", "1");
            case 1 ->
                words.keyword("DELETE")
                        .keyword("FROM")
                        .table("items")
                        .keyword("WHERE")
                        .add("id", "=", "2");
            default ->
                words.keyword("INSERT")
                        .keyword("INTO")
                        .table("items")
                        .add("(", "v", ")")
                        .keyword("VALUES")
                        .add("(", "9", ")");
        }
    }

    /** Changes what does not move, reading what moves; in forms that would be refused of what moves. */
    private void outside() {
        switch (words.below(6)) {
            case 0 -> update(Form.UPDATE, Scratch.ELSEWHERE);
            case 1 -> delete(Form.DELETE_LIMIT, Scratch.ELSEWHERE);
            case 2 -> insert(Form.INSERT_ON_DUPLICATE, Scratch.ELSEWHERE);
            case 3 -> insert(Form.REPLACE_VALUES, Scratch.ELSEWHERE);
            case 4 -> insert(Form.INSERT_VALUES, Scratch.ELSEWHERE);
            default -> {
                words.keyword("UPDATE")
                        .table("elsewhere")
                        .keyword("SET")
                        .add("v", "=")
                        .add("(", "SELECT", "COUNT(*)", "FROM");
                words.trait(Trait.SUBQUERY).table("item").add(")");
            }
        }
    }

    private void select() {
        words.keyword("SELECT");
        if (words.oneIn(3)) {
            words.trait(Trait.WINDOW).add("i.id", ",", "SUM(", "i.v", ")", "OVER", "(", "ORDER BY", "i.id", ")");
        } else {
            words.add("i.*");
        }
        words.keyword("FROM").table("item").add("i");
        if (words.oneIn(2)) {
            words.keyword("JOIN").table("pair").add("p").keyword("ON").add("p.a", "=", "i.id");
        }
        words.keyword("WHERE");
        conditions.of(Scratch.ITEM, "i.");
        if (words.oneIn(3)) {
            words.trait(Trait.LOCKING).keyword("FOR").keyword("UPDATE");
        }
    }
}
