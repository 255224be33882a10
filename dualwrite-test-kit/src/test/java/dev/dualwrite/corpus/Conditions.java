package dev.dualwrite.corpus;

import dev.dualwrite.corpus.Scratch.Column;
import dev.dualwrite.corpus.Scratch.ColumnType;
import dev.dualwrite.corpus.Scratch.Table;
import java.util.List;

/** Draws conditions of one table's rows. */
final class Conditions {
    private final Words words;
    private final Values values;

    Conditions(Words words, Values values) {
        this.words = words;
        this.values = values;
    }

    /** One or more terms. */
    void of(Table table, String qualifier) {
        switch (words.below(10)) {
            case 0, 1, 2 -> key(table, qualifier);
            case 3 -> {
                key(table, qualifier);
                words.keyword("AND");
                term(table, qualifier);
            }
            case 4 -> {
                term(table, qualifier);
                and();
                key(table, qualifier);
            }
            case 5 -> {
                words.add("(");
                key(table, qualifier);
                words.add(")");
            }
            case 6 -> {
                term(table, qualifier);
                words.keyword("OR");
                key(table, qualifier);
            }
            case 7 -> {
                words.trait(Trait.XOR);
                term(table, qualifier);
                words.keyword("XOR");
                term(table, qualifier);
            }
            default -> term(table, qualifier);
        }
    }

    private void and() {
        if (words.oneIn(3)) {
            words.trait(Trait.AMPERSANDS).add("&&");
        } else {
            words.keyword("AND");
        }
    }

    /** Names keys, one or several. */
    private void key(Table table, String qualifier) {
        List<Column> key = table.key();
        if (key.size() > 1 && words.oneIn(3)) {
            rows(table, qualifier);
            return;
        }
        for (int i = 0; i < key.size(); i++) {
            if (i > 0) {
                and();
            }
            comparison(key.get(i), qualifier);
        }
    }

    private void rows(Table table, String qualifier) {
        words.trait(Trait.ROWS).add("(");
        for (int i = 0; i < table.key().size(); i++) {
            if (i > 0) {
                words.add(",");
            }
            words.add(column(table.key().get(i), qualifier));
        }
        words.add(")");
        boolean in = words.oneIn(2);
        if (in) {
            words.keyword("IN").add("(");
            row(table);
            words.add(",");
            row(table);
            words.add(")");
        } else {
            words.add("=");
            row(table);
        }
    }

    private void row(Table table) {
        words.add("(");
        for (int i = 0; i < table.key().size(); i++) {
            if (i > 0) {
                words.add(",");
            }
            // of texts and numbers in one column of rows, MariaDB takes others in a SELECT than in a DELETE
            if (table.key().get(i).type() == ColumnType.TEXT) {
                values.literals().text("x");
            } else {
                values.literals().constant(table.key().get(i));
            }
        }
        words.add(")");
    }

    private static String column(Column column, String qualifier) {
        return qualifier + column.sql();
    }

    private void comparison(Column column, String qualifier) {
        switch (words.below(6)) {
            case 0 -> {
                values.literals().constant(column);
                words.add("=", column(column, qualifier));
            }
            case 1 -> {
                words.add(column(column, qualifier)).keyword("IN").add("(");
                values.literals().constant(column);
                words.add(",");
                values.literals().constant(column);
                words.add(")");
            }
            case 2 -> {
                words.add(column(column, qualifier)).keyword("BETWEEN");
                values.literals().constant(column);
                words.keyword("AND");
                values.literals().constant(column);
            }
            default -> {
                words.add(column(column, qualifier), "=");
                values.literals().constant(column);
            }
        }
    }

    /** About anything but the key, more or less. */
    private void term(Table table, String qualifier) {
        String v = qualifier + "v";
        switch (words.below(20)) {
            case 0 -> words.add(v).keyword("IS").keyword("NULL");
            case 1 -> words.keyword("NOT").add(v, "=", "1");
            case 2 -> words.add(v).keyword("NOT").keyword("IN").add("(", "1", ",", "NULL", ")");
            case 3 -> subquery(v);
            case 4 -> exists(qualifier);
            case 5 -> words.add("RAND()", "<", "0.5");
            case 6 -> words.trait(Trait.USER_VARIABLE).add(v, "=", "COALESCE(", "@n", ",", "1", ")");
            case 7 ->
                words.trait(Trait.ASSIGNMENT)
                        .add("(", "@n", ":=", "COALESCE(", "@n", ",", "0", ")", "+", "1", ")", "<", "3");
            case 8 -> words.trait(Trait.NULL_SAFE).add(v, "<=>", "1");
            case 9 -> words.trait(Trait.CASE).add("CASE", v, "WHEN", "1", "THEN", "1", "ELSE", "0", "END");
            case 10 ->
                words.trait(Trait.ROWS).add("(", v, ",", "1", ")").keyword("IN").add("(", "(", "1", ",", "1", ")", ")");
            case 11 -> words.add("1", words.any("=", "<", "<>"), "1");
            case 12 -> words.add(v, words.any(">", ">=", "!=", "<>"), "1");
            case 13 -> {
                Column key = table.key().get(0);
                words.add(column(key, qualifier), "=", column(key, qualifier));
                if (key.type() == ColumnType.TEXT) {
                    words.trait(Trait.COLLATE).add("COLLATE", "utf8mb4_bin");
                }
            }
            case 14 -> {
                words.trait(Trait.SUBQUERY).add(v, "=", words.any("ANY", "SOME"), "(", "SELECT", "v", "FROM");
                words.table("pair").add(")");
            }
            default -> {
                words.add(v, "=");
                values.literals().constant(new Column("v", ColumnType.INT));
            }
        }
    }

    private void subquery(String v) {
        words.trait(Trait.SUBQUERY).add(v).keyword("IN").add("(");
        words.keyword("SELECT").add("a").keyword("FROM").table("pair");
        if (words.oneIn(2)) {
            words.keyword(words.any("UNION", "UNION ALL")).keyword("SELECT").add("1");
        }
        words.add(")");
    }

    private void exists(String qualifier) {
        words.trait(Trait.SUBQUERY).keyword("EXISTS").add("(");
        words.keyword("SELECT")
                .add(words.any("1", "*"))
                .keyword("FROM")
                .table("elsewhere")
                .add("e");
        words.keyword("WHERE").add("e.v", "=", qualifier.isEmpty() ? "1" : qualifier + "v");
        words.add(")");
    }
}
