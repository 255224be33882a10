package dev.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlShapeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '^', textBlock = """
            SELECT * FROM t WHERE a = 'secret' AND b = 42 ~ SELECT * FROM t WHERE a = ? AND b = ?
            SELECT a -- secret ~ SELECT a
            SELECT /* secret */ a,b FROM t ~ SELECT a,b FROM t
            SELECT a FROM t WHERE id IN (1, 2, 3,4) ~ SELECT a FROM t WHERE id IN (?, …)
            SELECT a FROM t WHERE id IN (?,?) ~ SELECT a FROM t WHERE id IN (?, …)
            SELECT a FROM t WHERE id IN (7) ~ SELECT a FROM t WHERE id IN (?)
            SELECT "secret", 'it''s', 'a\\'b', 0x1F, 1.5e3, .5 FROM `a b` ~ SELECT ?, … FROM `a b`
            """)
    void valuesAndCommentsAreLeftOut(String sql, String shape) {
        assertThat(SqlShape.of(sql).text()).isEqualTo(shape);
    }

    @Test
    void statementsThatDifferByValuesOnlyHaveOneId() {
        assertThat(SqlShape.of("SELECT a FROM t WHERE id = 1"))
                .isEqualTo(SqlShape.of("SELECT a FROM t WHERE id = 'x'"))
                .isNotEqualTo(SqlShape.of("SELECT b FROM t WHERE id = 1"));
    }
}
