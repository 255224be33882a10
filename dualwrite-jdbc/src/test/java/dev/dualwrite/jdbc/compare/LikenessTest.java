package dev.dualwrite.jdbc.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.jdbc.ReadComparison;
import dev.dualwrite.jdbc.ReadComparison.Rule;
import dev.dualwrite.jdbc.compare.Column.Kind;
import dev.dualwrite.sql.SqlShape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What makes two answers the same, and by which name it is counted. */
class LikenessTest {
    private static final Rule NONE = ReadComparison.standard().rule("none");

    private static Answer answer(Kind kind, @Nullable Object... values) {
        return new Answer(
                List.of(new Column("x", kind, "", "")),
                Arrays.stream(values)
                        .map(value -> new @Nullable Object[] {value})
                        .toList(),
                0);
    }

    private static Likeness compare(Kind kind, @Nullable Object one, @Nullable Object other) {
        return Likeness.of(answer(kind, one), answer(kind, other), false, NONE);
    }

    private static void same(Kind kind, @Nullable Object one, @Nullable Object other, String... rules) {
        Likeness likeness = compare(kind, one, other);
        assertThat(likeness.equal()).isTrue();
        assertThat(likeness.rules()).containsExactlyInAnyOrder(rules);
    }

    @Test
    void nothingIsMadeEqualWithoutItsName() {
        same(Kind.TEXT, "a", "a");
        same(Kind.TEXT, null, null);
        same(Kind.BYTES, new byte[] {1}, new byte[] {1});
        same(Kind.NUMBER, "1.50", "1.5", "numeric-scale");
        same(Kind.DOUBLE, "0.3", "0.30000000000000004", "float-text");
        same(Kind.FLOAT, "0.1", "0.100000001490116", "float-text");
        same(Kind.TIMESTAMP, "2026-01-01 00:00:00", "2026-01-01 00:00:00.000", "fraction-of-seconds");
    }

    @Test
    void whatMattersToACallerIsNotNormalisedAway() {
        assertThat(compare(Kind.TEXT, "a", "A").equal()).isFalse();
        assertThat(compare(Kind.TEXT, "a", "a ").equal()).isFalse();
        assertThat(compare(Kind.TEXT, "1.0", "1").equal()).isFalse();
        assertThat(compare(Kind.TEXT, "", null).equal()).isFalse();
        assertThat(compare(Kind.NUMBER, "0", null).equal()).isFalse();
        assertThat(compare(Kind.NUMBER, "1.50", "1.51").equal()).isFalse();
        assertThat(compare(Kind.DOUBLE, "0.3", "0.3001").equal()).isFalse();
        assertThat(compare(Kind.TIMESTAMP, "2026-01-01 00:00:00", "2026-01-01 00:00:00.001")
                        .equal())
                .isFalse();
        assertThat(compare(Kind.BYTES, new byte[] {1}, new byte[] {2}).equal()).isFalse();
        assertThat(Likeness.of(answer(Kind.TEXT, "1"), answer(Kind.NUMBER, "1"), false, NONE)
                        .heads())
                .contains("TEXT against NUMBER");
        assertThat(Likeness.of(answer(Kind.TEXT, "1"), Answer.failed(1054), false, NONE)
                        .heads())
                .contains("error 1054");
    }

    @Test
    void rowsAreCountedAndNotOnlyNamed() {
        Likeness likeness =
                Likeness.of(answer(Kind.TEXT, "a", "a", "b"), answer(Kind.TEXT, "a", "b", "b"), false, NONE);
        assertThat(likeness.equal()).isFalse();
        assertThat(Stream.concat(likeness.left().stream(), likeness.right().stream())
                        .map(row -> row[0]))
                .containsExactly("a", "b");
        assertThat(Likeness.of(answer(Kind.TEXT, "a"), answer(Kind.TEXT), false, NONE)
                        .left())
                .hasSize(1);
    }

    @Test
    void anotherOrderIsCountedByWhetherOneWasAskedFor() {
        Answer one = answer(Kind.DOUBLE, "0.1", "0.2");
        Answer other = answer(Kind.DOUBLE, "0.2", "0.1");
        assertThat(Likeness.of(one, other, false, NONE).rules()).containsExactly("order-of-rows");
        assertThat(Likeness.of(one, other, true, NONE).rules()).containsExactly("order-of-ties");
        assertThat(Likeness.of(one, one, true, NONE).rules()).isEmpty();
    }

    @Test
    void anEmptyResultNeedsNoColumns() {
        Answer unseen = new Answer(List.of(), List.of(), 0);
        assertThat(Likeness.of(unseen, answer(Kind.TEXT), true, NONE).equal()).isTrue();
        assertThat(Likeness.of(unseen, answer(Kind.TEXT, "a"), true, NONE).equal())
                .isFalse();
    }

    @Test
    void whatTheHostIgnoresIsCountedOnlyWhereItDiffers() {
        Rule rule = ReadComparison.standard()
                .ignoring("SELECT x", "X")
                .rule(SqlShape.of("SELECT x").id());
        assertThat(Likeness.of(answer(Kind.TEXT, "a"), answer(Kind.TEXT, "b"), true, rule)
                        .rules())
                .containsExactly("ignored");
        assertThat(Likeness.of(answer(Kind.TEXT, "a"), answer(Kind.TEXT, "a"), true, rule)
                        .rules())
                .isEmpty();
    }

    @Test
    void aValueIsMaskedAndEqualOnesLookEqual() {
        Mask mask = new Mask(false);
        assertThat(mask.of("secret"))
                .startsWith("6 bytes #")
                .doesNotContain("secret")
                .isEqualTo(mask.of("secret"));
        assertThat(mask.of("secres")).isNotEqualTo(mask.of("secret"));
        assertThat(mask.of(null)).isEqualTo("NULL");
        assertThat(new Mask(true).of("secret")).isEqualTo("secret");
    }
}
