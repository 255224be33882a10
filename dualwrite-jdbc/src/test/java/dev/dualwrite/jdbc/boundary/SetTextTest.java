package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.sql.SqlDialect;
import dev.dualwrite.sql.Statement;
import dev.dualwrite.sql.StatementReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetTextTest {

    private static SetText of(String sql) {
        Statement read = new StatementReader(SqlDialect.mysql(90_700)).read(sql);
        assertThat(read).isInstanceOf(Statement.Other.class);
        Statement.Other other = (Statement.Other) read;
        assertThat(SetText.concerns(other)).isTrue();
        return SetText.of(other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET time_zone = '+02:00'",
                "SET SESSION auto_increment_increment = 3, sql_safe_updates=OFF",
                "set @@session.group_concat_max_len = ?",
                "SET @a = 1, @b := 'x@y.org'",
                "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
                "SET sql_mode = DEFAULT",
                "SET @u = 'it''s (not) = @computed'"
            })
    void constantsAndParametersAreSetAgain(String sql) {
        assertThat(of(sql).repeatable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET @n = @n + 1",
                "SET SESSION group_concat_max_len = @@group_concat_max_len * 2",
                "SET sql_mode = CONCAT(@@sql_mode, ',ANSI')",
                "SET @t = NOW()",
                "SET @m = (SELECT MAX(id) FROM item)"
            })
    void whatIsComputedIsNot(String sql) {
        assertThat(of(sql).repeatable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"SET @user_id = 1; SET @USER_ID = 2", "SET time_zone = '+02:00'; SET SESSION time_zone = '+03:00'"
            })
    void aLaterOneTakesThePlaceOfTheSameVariable(String first, String second) {
        assertThat(of(first).variable()).isEqualTo(of(second).variable());
    }
}
