package dev.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long and deep texts: a cost that grows with the square of the length would not end within the limit. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ScaleTest {

    private static final int MANY = 300_000;

    @Test
    void depthDoesNotOverflow() {
        String open = "(".repeat(MANY);
        String close = ")".repeat(MANY);

        assertThat(Shape.of("DELETE FROM t WHERE " + open + "id = 1" + close)).isEqualTo("DELETE t [id=1]");
        assertThat(Shape.of("UPDATE t SET a = " + open + "1" + close)).isEqualTo("UPDATE t[a=~] all");
        assertThat(Shape.of("SELECT " + open)).isEqualTo("UNKNOWN");
        assertThat(Shape.of(open + "SELECT 1" + close)).isEqualTo("SELECT NONE");
        assertThat(Shape.of("DELETE FROM t WHERE " + "(a = 1 AND ".repeat(MANY) + "b = 2" + close))
                .endsWith("a=1, b=2]");
        assertThat(Shape.of("SELECT * FROM " + "(SELECT * FROM ".repeat(MANY) + "t" + close))
                .isEqualTo("SELECT NONE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "'",
                "''",
                "`",
                "\"",
                "/*",
                "/* */",
                "/*!",
                "/*! */",
                "*/",
                "<",
                "<=>!",
                "@",
                "@@a",
                ".",
                "a.",
                "1.",
                "-",
                "--",
                "-- \n",
                "#",
                "#\n",
                "?",
                ",",
                "\\",
                "'\\'",
                "WITH c AS (",
                "WITH c AS (SELECT 1), ",
                "x'1' ",
                "SELECT ",
                "CASE ",
                "BETWEEN ",
                "AND ",
                "a AND ",
                "(a, ",
                "0x",
                "1e",
                "{",
                ";",
                "/*+ '",
                "FROM ",
                "\ud83d"
            })
    void noPatternIsWorseThanItsLength(String pattern) {
        String garbage = pattern.repeat(MANY);

        for (String sql : new String[] {garbage, "DELETE FROM t WHERE " + garbage, "UPDATE t SET a = " + garbage}) {
            assertThat(Shape.MYSQL.read(sql)).isNotNull();
            assertThat(Lexer.lex(sql, SqlDialect.mysql(80403)).size()).isLessThanOrEqualTo(sql.length());
        }
    }

    @Test
    void aLongListOfRowsIsReadRowByRow() {
        String rows = "(?, 'x'),".repeat(MANY) + "(?, 'y')";

        Statement.Insert insert = (Statement.Insert) Shape.MYSQL.read("INSERT INTO t (a, b) VALUES " + rows);

        assertThat(insert.rows()).hasSize(MANY + 1);
        assertThat(insert.rows().get(MANY).values())
                .containsExactly(new Expr.Param(MANY + 1), new Expr.StringLiteral("y"));
    }
}
