package dev.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.dualwrite.coverage.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What must hold for any text. */
class StatementReaderProperties {

    private static final List<SqlDialect> DIALECTS = List.of(
            SqlDialect.mysql(80403),
            SqlDialect.mysql(90700).withModes(true, false),
            SqlDialect.mariadb(110405),
            SqlDialect.mariadb(110405).withModes(true, true));

    /** One token as written, and how many parameters it is. */
    private record Piece(String text, boolean param) {}

    /** A statement made of pieces, so that its comments and spaces can be changed. */
    private static final List<List<String>> STATEMENTS = List.of(
            List.of(
                    "UPDATE",
                    "t",
                    "AS",
                    "x",
                    "SET",
                    "x",
                    ".",
                    "a",
                    "=",
                    "?",
                    ",",
                    "b",
                    "=",
                    "b",
                    "+",
                    "1",
                    "WHERE",
                    "id",
                    "=",
                    "?",
                    "AND",
                    "(",
                    "c",
                    "=",
                    "'it''s ?'",
                    ")"),
            List.of(
                    "DELETE", "FROM", "`d b`", ".", "`t`", "WHERE", "id", "IN", "(", "?", ",", "2", ",", "?", ")",
                    "AND", "b", "BETWEEN", "?", "AND", "4"),
            List.of(
                    "INSERT", "INTO", "t", "(", "a", ",", "`b`", ")", "VALUES", "(", "?", ",", "now", "(", ")", ")",
                    ",", "(", "NULL", ",", "-", "5", ")"),
            List.of("INSERT", "INTO", "t", "VALUES", "(", "1", ")", "ON", "DUPLICATE", "KEY", "UPDATE", "a", "=", "?"),
            List.of("UPDATE", "t", ",", "u", "SET", "t", ".", "a", "=", "?"),
            List.of("SELECT", "*", "FROM", "t", "WHERE", "a", "=", "?", "FOR", "UPDATE"),
            List.of("START", "TRANSACTION"),
            List.of("SET", "autocommit", "=", "0"),
            List.of("TRUNCATE", "TABLE", "t"),
            List.of("WITH", "c", "AS", "(", "SELECT", "?", ")", "DELETE", "FROM", "t"));

    private static final List<String> GAPS = List.of(
            " ",
            "\n",
            "\t",
            "\r\n",
            "/* ? */ ",
            " /**/ ",
            " -- ? ' \n",
            " --\n",
            "# ` ?\n",
            " /* 'x -- */ ",
            " \f\u000b ");

    @Property(tries = 3000)
    void anyTextGivesAnAnswer(@ForAll("garbage") String sql) {
        for (SqlDialect dialect : DIALECTS) {
            Statement statement = new StatementReader(dialect).read(sql);

            assertThat(statement.sql()).isEqualTo(sql);
            assertThat(Lexer.lex(sql, dialect).size()).isLessThanOrEqualTo(sql.length());
            use(statement);
        }
    }

    /** Whatever can be derived from what was read can be derived without an exception. */
    private static void use(Statement statement) {
        assertThatCode(() -> {
                    Shape.of(statement);
                    if (statement instanceof Statement.Update update) {
                        update.restrictedTo("FALSE");
                        update.keySelect(List.of("id"), List.of(), "", lock(update));
                    } else if (statement instanceof Statement.Delete delete) {
                        delete.restrictedTo("FALSE");
                    }
                })
                .doesNotThrowAnyException();
    }

    private static String lock(Statement.Update update) {
        return update.where().subqueryEnds() == null ? "" : "LOCK IN SHARE MODE";
    }

    @Property(tries = 3000)
    void aCutStatementIsNeverWidened(@ForAll("mutated") String sql) {
        Statement statement = Shape.MYSQL.read(sql);
        if (statement instanceof Statement.Update update) {
            DerivedSql restricted = update.restrictedTo("`key_7` = 77");
            DerivedSql keys = update.keySelect(List.of("key_7"), List.of(), "", lock(update));

            Statement.Update again = (Statement.Update) Shape.MYSQL.read(restricted.sql());
            assertThat(Shape.where(again.where())).endsWith("key_7=77]");
            assertThat(again.paramCount()).isEqualTo(update.paramCount());
            assertThat(Shape.MYSQL.read(keys.sql())).isInstanceOf(Statement.Select.class);
            assertThat(Shape.MYSQL.read(keys.sql()).paramCount())
                    .isEqualTo(keys.params().size());
        }
    }

    @Property(tries = 2000)
    void parametersAreCountedAsTheyWereWritten(@ForAll("pieces") List<Piece> pieces) {
        StringBuilder sql = new StringBuilder();
        long expected = 0;
        for (Piece piece : pieces) {
            sql.append(piece.text()).append(' ');
            expected += piece.param() ? 1 : 0;
        }

        assertThat(Shape.MYSQL.read(sql.toString()).paramCount()).isEqualTo((int) expected);
    }

    @Scenario(31)
    @Property(tries = 2000)
    void spacesCommentsAndCaseChangeNothing(
            @ForAll("statements") List<String> words, @ForAll("gaps") List<String> gaps, @ForAll boolean upper) {
        String plain = String.join(" ", words);
        StringBuilder decorated = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean quoted = word.startsWith("'") || word.startsWith("`");
            decorated.append(gaps.get(i % gaps.size()));
            decorated.append(quoted ? word : upper ? word.toUpperCase(Locale.ROOT) : word.toLowerCase(Locale.ROOT));
        }
        decorated.append(gaps.get(0));

        Statement statement = Shape.MYSQL.read(decorated.toString());

        assertThat(Shape.of(statement)).isEqualToIgnoringCase(Shape.of(plain));
        assertThat(statement.paramCount()).isEqualTo(Shape.MYSQL.read(plain).paramCount());
        assertThat(statement.mentions("T")).isEqualTo(Shape.MYSQL.read(plain).mentions("t"));
    }

    @Property(tries = 2000)
    void aTableInPlainSightIsAlwaysMentioned(@ForAll("mutated") String sql, @ForAll("gaps") List<String> gaps) {
        String before = sql + gaps.get(0) + "\n";
        boolean swallowed = Lexer.lex(before, SqlDialect.mysql(80403)).trouble() != null;

        assertThat(Shape.MYSQL.read(before + "`Or``ders`").mentions("or`ders")).isTrue();
        assertThat(swallowed || Shape.MYSQL.read(before + "Orders").mentions("oRDERS"))
                .isTrue();
    }

    @Provide
    Arbitrary<String> garbage() {
        Arbitrary<String> alphabet = Arbitraries.strings()
                .withChars("'\"`\\?#-/*!+M()@;,.=<>|&:{}x0e1 \n\r\t\0\u00e9\ud83d")
                .ofMaxLength(60);
        return Arbitraries.oneOf(alphabet, Arbitraries.strings().ofMaxLength(40), mutated());
    }

    /** Words of statements in any order, some of them doubled, dropped or followed by junk. */
    @Provide
    Arbitrary<String> mutated() {
        Arbitrary<String> junk = Arbitraries.of(
                "'",
                "`",
                "(",
                ")",
                "/*",
                "*/",
                "/*!",
                "/*!50000",
                "--",
                ";",
                "OR",
                "CASE",
                "END",
                "SELECT",
                ",",
                "{",
                "LIMIT",
                "=",
                ".",
                "@x",
                ":=",
                "0x1F",
                "IN",
                "BETWEEN",
                "AS",
                "JOIN",
                "\\",
                "'\\'",
                "\"",
                "/*+");
        return Combinators.combine(
                        statements(),
                        Arbitraries.integers().between(0, 40),
                        junk,
                        Arbitraries.integers().between(0, 3))
                .as((words, at, mutation, how) -> {
                    List<String> changed = new ArrayList<>(words);
                    int index = at % changed.size();
                    switch (how) {
                        case 0 -> changed.remove(index);
                        case 1 -> changed.add(index, changed.get(changed.size() - 1 - index));
                        case 2 -> changed.add(index, mutation);
                        default -> changed.set(index, mutation);
                    }
                    return String.join(" ", changed);
                });
    }

    @Provide
    Arbitrary<List<String>> statements() {
        return Arbitraries.of(STATEMENTS);
    }

    @Provide
    Arbitrary<List<String>> gaps() {
        return Arbitraries.of(GAPS).list().ofMinSize(1).ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Piece>> pieces() {
        Arbitrary<Piece> piece = Arbitraries.oneOf(
                Arbitraries.of("?").map(text -> new Piece(text, true)),
                Arbitraries.of(
                                "'?'",
                                "'\\'?'",
                                "'?''?'",
                                "\"?\"",
                                "`?`",
                                "/* ? */",
                                "-- ?\n",
                                "# ?\n",
                                "a",
                                "=",
                                "(",
                                ")",
                                "@'?'",
                                "1",
                                "/*+ ? */",
                                "-",
                                "SELECT",
                                "x'1F'")
                        .map(text -> new Piece(text, false)));
        return piece.list().ofMaxSize(40);
    }
}
