package dev.dualwrite.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeySpecTest {

    private static KeySpec spec(KeyColumn... columns) {
        return new KeySpec("t", List.of(columns));
    }

    // ---- canonical values ------------------------------------------------------------------------------------

    @Test
    void everyIntegerTypeOfADriverIsTaken() {
        KeySpec spec = spec(Columns.integer("k", 1, false));

        assertThat(List.<Object>of((byte) -128, (short) -128, -128, -128L))
                .allSatisfy(value -> assertThat(spec.canonical(0, value)).contains("-128"));
        assertThat(List.<Object>of((short) -129, 128, 128L))
                .allSatisfy(value -> assertThat(spec.canonical(0, value)).isEmpty());
    }

    @Test
    void whatIsNoIntegerIsLeftToTheServer() {
        KeySpec spec = spec(Columns.bigint("k"));

        assertThat(List.<Object>of("1", 1.0, new BigDecimal(1), true, new byte[] {1}))
                .allSatisfy(value -> assertThat(spec.canonical(0, value)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \n", "a \r\n", "a \u0085", "a \u2028", "a \t", "a \u00a0", " \n"})
    void aSpaceBeforeTheEndOfALineIsNotTrailing(String text) {
        assertThat(spec(Columns.text("k", 10, true)).canonical(0, text)).contains(text);
    }

    @Test
    void onlyCharLosesTrailingSpaces() {
        assertThat(spec(Columns.text("k", 10, true)).canonical(0, "a b  ")).contains("a b");
        assertThat(spec(Columns.text("k", 10, true)).canonical(0, "   ")).contains("");
        assertThat(spec(Columns.text("k", 10, false)).canonical(0, "a b  ")).contains("a b  ");
    }

    @Test
    void aTextIsMeasuredInCharactersAndLeftToTheServerIfTooLong() {
        KeySpec spec = spec(Columns.text("k", 2, false));

        assertThat(spec.canonical(0, "😀😀")).contains("😀😀");
        assertThat(spec.canonical(0, "😀😀a")).isEmpty();
        assertThat(spec.canonical(0, 12)).isEmpty();
    }

    @Test
    void binaryIsPaddedWithZeroBytesAndVarbinaryIsNot() {
        byte[] bytes = {(byte) 0xAB, 1};

        assertThat(spec(Columns.binary("k", 4, true)).canonical(0, bytes)).contains("ab010000");
        assertThat(spec(Columns.binary("k", 4, false)).canonical(0, bytes)).contains("ab01");
        assertThat(spec(Columns.binary("k", 4, true)).canonical(0, new byte[0])).contains("00000000");
        assertThat(spec(Columns.binary("k", 4, false)).canonical(0, new byte[0]))
                .contains("");
        assertThat(spec(Columns.binary("k", 2, false)).canonical(0, bytes)).contains("ab01");
        assertThat(spec(Columns.binary("k", 1, false)).canonical(0, bytes)).isEmpty();
        assertThat(spec(Columns.binary("k", 4, false)).canonical(0, "ab01")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyType.class,
            names = {"DECIMAL", "DATE", "DATETIME", "YEAR"})
    void typesWithAServersOwnTextAreLeftToTheServer(KeyType type) {
        KeySpec spec = spec(Columns.of("k", type));

        assertThat(List.<Object>of("2020", 2020, new BigDecimal("2020.000")))
                .allSatisfy(value -> assertThat(spec.canonical(0, value)).isEmpty());
    }

    // ---- literals and predicates -----------------------------------------------------------------------------

    @Test
    void aPredicateOfOneColumnNamesItAndItsValue() {
        KeySpec spec = spec(Columns.bigint("id"));

        assertThat(spec.predicate(Key.of(-7))).isEqualTo("`id` = -7");
        assertThat(spec.predicate(List.of(Key.of(1), Key.of(2)))).isEqualTo("`id` IN (1, 2)");
        assertThat(spec.tuple(Key.of(1))).isEqualTo("1");
    }

    @Test
    void aPredicateOfSeveralColumnsComparesRows() {
        KeySpec spec = spec(Columns.bigint("a`b"), Columns.text("c", 9, false), Columns.varbinary("d", 4));

        assertThat(spec.predicate(Key.of("1", "'", "")))
                .isEqualTo("`a``b` = 1 AND `c` = _utf8mb4 0x27 AND `d` = _binary''");
        assertThat(spec.predicate(List.of(Key.of("1", "", "00ff"), Key.of("2", "a", "61"))))
                .isEqualTo("(`a``b`, `c`, `d`) IN ((1, _utf8mb4'', 0x00ff), (2, _utf8mb4 0x61, 0x61))");
    }

    @Test
    void datesAndNumbersAreTypedLiterals() {
        KeySpec spec = spec(
                Columns.of("a", KeyType.DATE), Columns.of("b", KeyType.DATETIME), Columns.of("c", KeyType.DECIMAL));

        assertThat(spec.predicate(Key.of("2024-02-29", "2024-02-29 12:00:00.125", "1.500")))
                .isEqualTo("`a` = DATE'2024-02-29' AND `b` = TIMESTAMP'2024-02-29 12:00:00.125' AND `c` = 1.500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1'", "1 OR 1=1", "0x1", "1;", "'", "１２-０１"})
    void whatIsNotCanonicalIsRefused(String value) {
        for (KeyType type : List.of(KeyType.INTEGER, KeyType.DATE, KeyType.DATETIME, KeyType.BINARY)) {
            assertThatIllegalArgumentException()
                    .as(type.name())
                    .isThrownBy(() -> spec(Columns.of("k", type)).literal(0, value));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"１２", "٣٤", "ａｂ", "abc", "AB", "zz"})
    void aBinaryKeyIsPairsOfLowerCaseAsciiDigitsOrRefused(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec(Columns.varbinary("k", 8)).literal(0, value));
    }

    @Test
    void everyHexDigitIsADigit() {
        assertThat(spec(Columns.varbinary("k", 8)).literal(0, "0123456789abcdef"))
                .contains("0123456789abcdef");
    }

    // ---- units -----------------------------------------------------------------------------------------------

    @Test
    void aCollatedColumnLeavesTheUnitToTheServer() {
        KeySpec spec = spec(Columns.bigint("a"), Columns.text("b", 9, false));

        assertThat(spec.comparesByText()).isFalse();
        assertThat(spec.unit(Key.of("1", "x"))).isEmpty();
        assertThat(spec.unitExpression(Key.of("1", "x")))
                .isEqualTo("UNHEX(CONVERT(LEFT(SHA2(CONCAT(_binary 0x743a, _binary 0x31, ',',"
                        + " CONVERT(HEX(WEIGHT_STRING(CONVERT(_utf8mb4 0x78 USING latin1) COLLATE latin1_swedish_ci))"
                        + " USING latin1)), 256), 32) USING latin1))");
    }

    @Test
    void aCollationThatIgnoresTrailingSpacesLosesTheirWeights() {
        assertThat(KeySpec.weights(Columns.text("b", 9, false, true), "_utf8mb4 0x78"))
                .isEqualTo("TRIM(TRAILING WEIGHT_STRING(CONVERT(_utf8mb4' ' USING latin1) COLLATE latin1_swedish_ci)"
                        + " FROM WEIGHT_STRING(CONVERT(_utf8mb4 0x78 USING latin1) COLLATE latin1_swedish_ci))");
    }

    @Test
    void anEmptyPartBesideACollatedOneIsAnEmptyText() {
        KeySpec spec = spec(Columns.varbinary("a", 4), Columns.text("b", 9, false));

        assertThat(spec.unitExpression(Key.of("", "x")))
                .contains("CONCAT(_binary 0x743a, _binary '', ',', CONVERT(HEX(");
    }

    @Test
    void tablesWithEqualKeysHaveDifferentUnits() {
        KeySpec one = new KeySpec("one", List.of(Columns.bigint("k")));
        KeySpec two = new KeySpec("two", List.of(Columns.bigint("k")));

        assertThat(one.unit(Key.of(1))).isNotEqualTo(two.unit(Key.of(1)));
    }

    @Test
    void aUnitHasSixteenBytesThatNobodyChanges() {
        byte[] bytes = new byte[Unit.LENGTH];
        Unit unit = new Unit(bytes);
        bytes[0] = 1;
        unit.bytes()[0] = 1;

        assertThat(unit)
                .isEqualTo(new Unit(new byte[Unit.LENGTH]))
                .hasSameHashCodeAs(new Unit(new byte[Unit.LENGTH]))
                .hasToString("0".repeat(32));
        assertThat(unit.hashCode()).isNotEqualTo(new Unit(bytes).hashCode());
        assertThatIllegalArgumentException().isThrownBy(() -> new Unit(new byte[15]));
    }

    @Test
    void lanesInSqlUseTheSameBytes() {
        assertThat(Lanes.expression("`unit`"))
                .isEqualTo("(ASCII(LEFT(`unit`, 1)) * 256 + ASCII(SUBSTRING(`unit`, 2, 1))) % 1024");
    }

    // ---- keys ------------------------------------------------------------------------------------------------

    @Test
    void aValueOfUpTo65535BytesIsCaptured() {
        Key longest = Key.of("x".repeat(65_535), "y");

        assertThat(Key.decode(longest.encode())).isEqualTo(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Key.of("x".repeat(65_536)).encode());
    }

    @Test
    void aKeyIsShownAsItsValues() {
        assertThat(Key.of(42)).hasToString("42");
        assertThat(Key.of("7", "a")).hasToString("(7, a)");
    }
}
