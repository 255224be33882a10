package dev.dualwrite.corpus;

import dev.dualwrite.corpus.Scratch.Column;
import dev.dualwrite.corpus.Scratch.ColumnType;

/** Draws expressions. */
final class Values {
    private final Words words;
    private final Literals literals;

    Values(Words words) {
        this.words = words;
        this.literals = new Literals(words);
    }

    /** What an INSERT gives to a key column. */
    void keyOfInsert(Column column) {
        switch (words.below(column.type() == ColumnType.AUTO ? 4 : 12)) {
            case 0 -> {
                if (column.type() == ColumnType.AUTO) {
                    words.add(words.any("NULL", "DEFAULT", "0", "NULL"));
                } else {
                    literals.constant(column);
                }
            }
            case 1 -> computedKey(column);
            default -> literals.constant(column);
        }
    }

    /** An expression of constants that makes a key. */
    private void computedKey(Column column) {
        switch (column.type()) {
            case INT, AUTO ->
                words.<Runnable>any(
                                () -> words.add("1", "+", "2"),
                                () -> words.add("(", "3", "*", "2", ")"),
                                () -> words.trait(Trait.DIV).add("10", "DIV", "3"),
                                () -> words.add("7", "%", "5"),
                                () -> words.add(column.type() == ColumnType.AUTO ? "6" : "~ 0"),
                                () -> words.add("1", "<<", "3"),
                                () -> words.add("ABS(", "-", "4", ")"),
                                () -> words.add("5", "/", "2"))
                        .run();
            case TEXT -> {
                if (words.mode().pipesConcatenate() && words.oneIn(2)) {
                    words.trait(Trait.PIPES);
                    literals.text("n");
                    words.add("||");
                    literals.text("3");
                } else if (words.oneIn(2)) {
                    words.add("CONCAT(");
                    literals.text("n");
                    words.add(",", "4", ")");
                } else {
                    words.trait(Trait.VERB_AS_FUNCTION).add("REPLACE(");
                    literals.text("n5");
                    words.add(",");
                    literals.text("5");
                    words.add(",");
                    literals.text("6");
                    words.add(")");
                }
            }
            case BINARY -> words.add("UNHEX(", "'6364'", ")");
            case DATE, DATETIME -> {
                words.trait(Trait.CAST).add("CAST(");
                literals.text("2024-03-01");
                words.add("AS", column.type() == ColumnType.DATE ? "DATE" : "DATETIME", ")");
            }
            case DECIMAL -> words.add("1.5", "*", "2");
        }
    }

    /** What an UPDATE makes of a key column of a row. */
    void keyOfUpdate(Column column, String qualifier) {
        boolean literal = words.oneIn(3);
        if (literal) {
            literals.constant(column);
            return;
        }
        Runnable self = () -> words.add(qualifier + column.sql());
        switch (column.type()) {
            case INT, AUTO -> {
                self.run();
                words.add(words.any("+", "*"), words.any("10", "2"));
            }
            case TEXT -> {
                if (words.oneIn(3)) {
                    words.add(qualifier + (column.name().equals("c") ? words.any("v", "bits", "filled", "g") : "v"));
                } else {
                    words.add("CONCAT(");
                    self.run();
                    words.add(",");
                    literals.text("!");
                    words.add(")");
                }
            }
            case BINARY -> {
                words.add("CONCAT(");
                self.run();
                words.add(",", "X'21'", ")");
            }
            case DATE, DATETIME -> {
                self.run();
                words.add("+", "INTERVAL", "1", words.any("DAY", "MONTH"));
            }
            case DECIMAL -> {
                self.run();
                words.add("*", words.any("1.5", "2"));
            }
        }
    }

    /** A number of some kind, for a column that is no key; may read the row. */
    void number(String qualifier) {
        switch (words.below(30)) {
            case 0, 1, 2, 3 -> words.add(qualifier + "v", words.any("+", "-", "*", "%"), "1");
            case 4 -> words.add("RAND()");
            case 5 -> words.trait(Trait.USER_VARIABLE).add(words.any("@n", "@`n`", "@'n'"));
            case 6 -> words.trait(Trait.ASSIGNMENT).add("(", "@n", ":=", "1", ")");
            case 7 ->
                words.trait(Trait.SYSTEM_VARIABLE).add(words.any("@@auto_increment_offset", "@@session.sql_mode = ''"));
            case 8 -> scalarSubquery();
            case 9 -> window();
            case 10 -> {
                words.trait(Trait.CASE)
                        .keyword("CASE")
                        .keyword("WHEN")
                        .add(qualifier + "v")
                        .keyword("IS")
                        .keyword("NULL");
                words.keyword("THEN")
                        .add("0")
                        .keyword("ELSE")
                        .add(qualifier + "v")
                        .keyword("END");
            }
            case 11 -> words.add("IF(", qualifier + "v", ">", "1", ",", "2", ",", "3", ")");
            case 12 -> words.add("COALESCE(", qualifier + "v", ",", "0", ")");
            case 13 -> words.trait(Trait.DIV).add(qualifier + "v", words.any("DIV", "MOD"), "2");
            case 14 -> words.trait(Trait.FUNCTION_WITH_FROM).add("EXTRACT(", "YEAR", "FROM", "'2024-01-31'", ")");
            case 15 ->
                words.trait(Trait.FUNCTION_WITH_FROM)
                        .add("TRIM(", words.any("LEADING", "BOTH"), "'0'", "FROM", "'05'", ")");
            case 16 ->
                words.trait(Trait.VERB_AS_FUNCTION)
                        .add(words.any("INSERT(", "insert("), "'12'", ",", "1", ",", "1", ",", "'3'", ")");
            case 17 -> words.trait(Trait.CAST).add("CAST(", "'7'", "AS", words.any("SIGNED", "DECIMAL(5,1)"), ")");
            case 18 -> words.trait(Trait.CAST).add("CONVERT(", "'7'", ",", "SIGNED", ")");
            case 19 -> words.add("JSON_LENGTH(", "'[1, {\"a\": \"}\"}]'", ")");
            case 20 -> words.trait(Trait.PIPES).add("1", "||", "0");
            case 21 -> words.trait(Trait.EXCLAMATION).add("!", "0");
            case 22 -> words.trait(Trait.NULL_SAFE).add(qualifier + "v", "<=>", "NULL");
            case 23 -> words.add("LEFT(", "'12'", ",", "1", ")");
            case 24 -> words.keyword("NULL");
            default -> literals.constant(new Column("v", ColumnType.INT));
        }
    }

    void scalarSubquery() {
        words.trait(Trait.SUBQUERY).add("(");
        words.keyword("SELECT")
                .add("MAX(", words.any("a", "v"), ")")
                .keyword("FROM")
                .table("pair");
        if (words.oneIn(2)) {
            words.keyword("WHERE").add("v", ">");
            literals.constant(new Column("v", ColumnType.INT));
        }
        words.add(")");
    }

    private void window() {
        words.trait(Trait.WINDOW).trait(Trait.DERIVED_TABLE).trait(Trait.SUBQUERY);
        words.add("(", "SELECT", "MAX(", "w.n", ")", "FROM", "(", "SELECT", "ROW_NUMBER()", "OVER", "(");
        words.add(words.any("ORDER BY a", "PARTITION BY a ORDER BY v"), ")", "AS", "n", "FROM");
        words.table("pair").add(")", "AS", "w", ")");
    }

    /** A value for a column that is no key. */
    void value(Column column, String qualifier) {
        if (column.type() == ColumnType.INT && column.name().equals("v")) {
            number(qualifier);
        } else if (words.oneIn(6)) {
            words.keyword(words.any("NULL", "DEFAULT"));
        } else {
            literals.constant(column);
        }
    }

    Literals literals() {
        return literals;
    }
}
