package dev.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DerivedSqlTest {

    private static Statement.Update update(String sql) {
        return (Statement.Update) Shape.MYSQL.read(sql);
    }

    private static Statement.Delete delete(String sql) {
        return (Statement.Delete) Shape.MYSQL.read(sql);
    }

    @Test
    void aKeySelectTakesTheTargetAndTheConditionAsWritten() {
        DerivedSql keys = update(
                        "update /*+ x */ `s`.`o``r` AS o set a = ?, b=? WHERE (c=? or d = '?') /* ? */ and e>?  ;")
                .keySelect(List.of("id", "od`d"));

        assertThat(keys.sql())
                .isEqualTo(
                        "SELECT `id`, `od``d` FROM `s`.`o``r` AS o WHERE (c=? or d = '?') /* ? */ and e>? FOR UPDATE");
        assertThat(keys.params()).containsExactly(3, 4);
    }

    @Test
    void aKeySelectWithoutAConditionTakesAllRows() {
        assertThat(delete("DELETE FROM t -- all of it").keySelect(List.of("id")))
                .isEqualTo(new DerivedSql("SELECT `id` FROM t FOR UPDATE", List.of()));
    }

    @Test
    void aLineCommentInsideTheConditionKeepsItsEnd() {
        assertThat(delete("DELETE FROM t WHERE a = 1 -- x\n AND b = 2 -- y")
                        .keySelect(List.of("id"))
                        .sql())
                .isEqualTo("SELECT `id` FROM t WHERE a = 1 -- x\n AND b = 2 FOR UPDATE");
    }

    @Test
    void newKeysAreSelectedWithTheParametersOfTheirExpressionsFirst() {
        Statement.Update update = update("UPDATE t SET a = ?, id = id + ?, b = (SELECT ? FROM u) WHERE c = ?");

        DerivedSql keys = update.keySelect(
                List.of("id"),
                List.of(update.assignments().get(1), update.assignments().get(2)));

        assertThat(keys.sql()).isEqualTo("SELECT `id`, (id + ?), ((SELECT ? FROM u)) FROM t WHERE c = ? FOR UPDATE");
        assertThat(keys.params()).containsExactly(2, 3, 4);
    }

    @Test
    void anAssignmentThatReadsAnEarlierOneIsNotSelected() {
        Statement.Update update = update("UPDATE t SET A = a + 1, id = t.`a`, c = (a), d = DEFAULT, e = b");
        List<Assignment> all = update.assignments();

        assertThat(all.stream().map(Assignment::selectable)).containsExactly(true, false, false, false, true);
        assertThatThrownBy(() -> update.keySelect(List.of("id"), List.of(all.get(1))))
                .isInstanceOf(IllegalArgumentException.class);
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
        DerivedSql keys = update(sql).keySelect(List.of("id"));
        assertThat(Shape.of(keys.sql())).isEqualTo("SELECT UPDATE");
        assertThat(Shape.MYSQL.read(keys.sql()).paramCount())
                .isEqualTo(keys.params().size());
    }
}
