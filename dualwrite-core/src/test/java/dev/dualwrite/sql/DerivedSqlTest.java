package dev.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerivedSqlTest {

    private static Statement.Update update(String sql) {
        return (Statement.Update) Shape.MYSQL.read(sql);
    }

    private static Statement.Delete delete(String sql) {
        return (Statement.Delete) Shape.MYSQL.read(sql);
    }

    private static String keys(Statement.Selective statement, String lock) {
        return statement.keySelect(List.of("`id`"), List.of(), "", lock).sql();
    }

    @Test
    void aKeySelectTakesTheTargetAndTheConditionAsWritten() {
        DerivedSql keys = update(
                        "update /*+ x */ `s`.`o``r` AS o set a = ?, b=? WHERE (c=? or d = '?') /* ? */ and e>?  ;")
                .keySelect(List.of("`id`", "`a` + ?"), List.of(1), " LIMIT 7", "");

        assertThat(keys.sql())
                .isEqualTo("SELECT `id`, `a` + ? FROM `s`.`o``r` AS o WHERE (c=? or d = '?') /* ? */ and e>? LIMIT 7"
                        + " FOR UPDATE");
        assertThat(keys.params()).containsExactly(1, 3, 4);
    }

    @Test
    void aKeySelectWithoutAConditionTakesAllRows() {
        assertThat(delete("DELETE FROM t -- all of it").keySelect(List.of("`id`"), List.of(), "", "X"))
                .isEqualTo(new DerivedSql("SELECT `id` FROM t FOR UPDATE", List.of()));
    }

    @Test
    void aLineCommentInsideTheConditionKeepsItsEnd() {
        assertThat(keys(delete("DELETE FROM t WHERE a = 1 -- x\n AND b = 2 -- y"), ""))
                .isEqualTo("SELECT `id` FROM t WHERE a = 1 -- x\n AND b = 2 FOR UPDATE");
    }

    @Test
    void eachQueryOfTheConditionCanBeMadeToLock() {
        assertThat(keys(
                        delete("DELETE FROM t WHERE a IN (SELECT b FROM (SELECT ? b, ')' FROM u) v -- )\n) AND"
                                + " ((SELECT MAX(c) FROM w GROUP BY (d)) > 1 OR EXISTS ( select 1 from x)) ;"),
                        "L"))
                .isEqualTo("SELECT `id` FROM t WHERE a IN (SELECT b FROM (SELECT ? b, ')' FROM u L) v -- )\n L) AND"
                        + " ((SELECT MAX(c) FROM w GROUP BY (d) L) > 1 OR EXISTS ( select 1 from x L)) FOR UPDATE");
        assertThat(keys(delete("DELETE FROM t WHERE a = 1"), "L"))
                .isEqualTo("SELECT `id` FROM t WHERE a = 1 FOR UPDATE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(SELECT 1 FROM u UNION SELECT 2 FROM v)",
                "(SELECT 1 FROM u FOR UPDATE)",
                "(SELECT 1 FROM u LOCK IN SHARE MODE)",
                "(WITH c AS (SELECT 1) SELECT * FROM c)",
                "(TABLE u)",
                "((SELECT 1 FROM u) EXCEPT (SELECT 2 FROM v))",
                "(SELECT 1 FROM (VALUES ROW(1)) u)",
                "/*! (SELECT 1 FROM u) */",
            })
    void aQueryThatCannotTakeALockIsNamed(String query) {
        Statement.Delete delete = delete("DELETE FROM t WHERE b = (SELECT 0 FROM w) AND a IN " + query + " AND c");

        assertThat(delete.where().subqueryEnds()).isNull();
        assertThatThrownBy(() -> keys(delete, "L")).isInstanceOf(IllegalArgumentException.class);
        assertThat(keys(delete, "")).endsWith(query + " AND c FOR UPDATE");
    }

    @Test
    void anAssignmentThatReadsAnEarlierOneIsNotSelected() {
        Statement.Update update = update("UPDATE t SET A = a + 1, id = t.`a`, c = (a), d = DEFAULT, e = b");
        List<Assignment> all = update.assignments();

        assertThat(all.stream().map(Assignment::selectable)).containsExactly(true, false, false, false, true);
    }

    @Test
    void aRestrictedStatementKeepsAllOtherText() {
        assertThat(update("/* a */ UPDATE t /* b */ SET x = ? WHERE a = ? OR b = 2 /* c */ ; -- d")
                        .restrictedTo("`id` IN (1, 2)"))
                .isEqualTo(new DerivedSql(
                        "/* a */ UPDATE t /* b */ SET x = ? WHERE (a = ? OR b = 2) AND (`id` IN (1, 2)) /* c */ ; -- d",
                        List.of(1, 2)));
    }

    @Test
    void aRestrictedStatementWithoutAConditionGetsOne() {
        assertThat(update("UPDATE t SET x = ? -- x").restrictedTo("id = ?"))
                .isEqualTo(new DerivedSql("UPDATE t SET x = ? WHERE (id = ?) -- x", List.of(1)));
        assertThat(delete("DELETE FROM t;").restrictedTo("FALSE").sql()).isEqualTo("DELETE FROM t WHERE (FALSE);");
        assertThat(delete("DELETE FROM t AS a").restrictedTo("FALSE").sql())
                .isEqualTo("DELETE FROM t AS a WHERE (FALSE)");
    }

    @Test
    void derivedTextsAreReadAsWhatTheyAre() {
        String sql = "UPDATE t x SET a = ? WHERE x.b IN (?, '?') AND NOT (c = ? OR d)";

        assertThat(Shape.of(update(sql).restrictedTo("x.id = 1").sql()))
                .isEqualTo("UPDATE t[a=?1] [b in(?2,'?'), ~, id=1]");
        DerivedSql keys = update(sql).keySelect(List.of("id"), List.of(), "", "");
        assertThat(Shape.of(keys.sql())).isEqualTo("SELECT UPDATE");
        assertThat(Shape.MYSQL.read(keys.sql()).paramCount())
                .isEqualTo(keys.params().size());
    }
}
