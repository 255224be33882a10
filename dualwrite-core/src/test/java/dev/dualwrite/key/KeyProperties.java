package dev.dualwrite.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What must hold for any key. */
class KeyProperties {

    /** Anything that a text column can hold, quotes, backslashes, NUL and characters of four bytes included. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> nasty = Arbitraries.of(
                "'", "\"", "\\", "\\'", "`", "\0", "\n", " ", "%", "_", ",", ":", "--", "/*", "é", "日", "😀", "0x");
        return Arbitraries.oneOf(nasty, Arbitraries.strings().ofMaxLength(8))
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts))
                .filter(text -> text.equals(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)));
    }

    @Provide
    Arbitrary<List<String>> values() {
        return texts().list().ofMinSize(1).ofMaxSize(4);
    }

    @Property
    void whatIsEncodedIsDecoded(@ForAll("values") List<String> values) {
        Key key = new Key(values);

        assertThat(Key.decode(key.encode())).isEqualTo(key);
    }

    @Property
    void differentKeysAreEncodedDifferently(@ForAll("values") List<String> one, @ForAll("values") List<String> other) {
        assertThat(Arrays.equals(new Key(one).encode(), new Key(other).encode()))
                .isEqualTo(one.equals(other));
    }

    @Property
    void aTextLiteralHoldsNothingThatASessionCouldReadOtherwise(@ForAll("texts") String text) {
        String literal = Sql.text(text);

        assertThat(literal).matches("_utf8mb4''|_utf8mb4 0x([0-9a-f]{2})+");
        if (!text.isEmpty()) {
            byte[] bytes = HexFormat.of().parseHex(literal.substring("_utf8mb4 0x".length()));
            assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    @Property
    void aBinaryLiteralHoldsTheBytes(@ForAll byte[] bytes) {
        assertThat(Sql.binary(bytes))
                .isEqualTo(
                        bytes.length == 0 ? "_binary''" : "0x" + HexFormat.of().formatHex(bytes));
    }

    @Property
    void aNameEndsWhereItsQuoteEnds(@ForAll("texts") String name) {
        String quoted = Sql.name(name);

        assertThat(quoted).startsWith("`").endsWith("`");
        String inside = quoted.substring(1, quoted.length() - 1);
        assertThat(inside.replace("``", "")).doesNotContain("`");
        assertThat(inside.replace("``", "`")).isEqualTo(name);
    }

    @Property
    void anyContentOfANumberDateOrBinaryIsALiteralOrRefused(@ForAll("texts") String text, @ForAll KeyType type) {
        KeySpec spec = new KeySpec("t", List.of(Columns.of("k", type)));
        String literal;
        try {
            literal = spec.literal(0, text);
        } catch (IllegalArgumentException e) {
            return;
        }

        assertThat(literal)
                .matches("-?[0-9]+(\\.[0-9]+)?|_utf8mb4''|_utf8mb4 0x[0-9a-f]+|_binary''|0x[0-9a-f]+"
                        + "|(DATE|TIMESTAMP)'[-0-9:. ]*'");
    }

    @Property
    void theUnitIsTheFormulaOfItsDocumentation(@ForAll long one, @ForAll @Size(max = 20) byte[] other)
            throws NoSuchAlgorithmException {
        KeySpec spec = new KeySpec("orders", List.of(Columns.bigint("a"), Columns.varbinary("b", 20)));
        String hex = HexFormat.of().formatHex(other);
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(("orders:" + one + "," + hex).getBytes(StandardCharsets.UTF_8));

        Optional<Unit> unit = spec.unit(Key.of(Long.toString(one), hex));

        assertThat(unit).contains(new Unit(Arrays.copyOf(digest, 16)));
        assertThat(spec.unitExpression(Key.of(Long.toString(one), hex))).isEqualTo("0x" + unit.orElseThrow());
    }

    @Property
    void aLaneFollowsFromTheFirstTwoBytesOfAUnit(@ForAll @Size(16) byte[] bytes, @ForAll byte noise) {
        int lane = Lanes.of(new Unit(bytes));

        assertThat(lane).isBetween(0, Lanes.COUNT - 1);
        assertThat(lane)
                .isEqualTo(new BigInteger(1, Arrays.copyOf(bytes, 2))
                        .mod(BigInteger.valueOf(Lanes.COUNT))
                        .intValueExact());
        byte[] elsewhere = bytes.clone();
        for (int i = 2; i < elsewhere.length; i++) {
            elsewhere[i] ^= noise;
        }
        assertThat(Lanes.of(new Unit(elsewhere))).isEqualTo(lane);
    }

    @Property
    void unitsAreInTheOrderOfTheirBytes(@ForAll @Size(16) byte[] one, @ForAll @Size(16) byte[] other) {
        Unit first = new Unit(one);
        Unit second = new Unit(other);

        assertThat(Integer.signum(first.compareTo(second)))
                .isEqualTo(Integer.signum(first.toString().compareTo(second.toString())));
        assertThat(first.equals(second)).isEqualTo(Arrays.equals(one, other));
    }

    @Property
    void aCharLosesItsTrailingSpacesAndNothingElse(@ForAll("texts") String text) {
        KeySpec spec = new KeySpec("t", List.of(Columns.text("k", 10_000, true)));
        String canonical = spec.canonical(0, text).orElseThrow();

        assertThat(text).startsWith(canonical);
        assertThat(canonical).doesNotEndWith(" ");
        assertThat(text.substring(canonical.length())).matches(" *");
    }

    @Property
    void anIntegerIsTakenIfItsColumnHoldsIt(
            @ForAll BigInteger number, @ForAll("widths") int bytes, @ForAll boolean unsigned) {
        KeySpec spec = new KeySpec("t", List.of(Columns.integer("k", bytes, unsigned)));
        BigInteger span = BigInteger.TWO.pow(8 * bytes);
        BigInteger min = unsigned ? BigInteger.ZERO : span.shiftRight(1).negate();
        BigInteger max = (unsigned ? span : span.shiftRight(1)).subtract(BigInteger.ONE);

        assertThat(spec.canonical(0, min)).contains(min.toString());
        assertThat(spec.canonical(0, max)).contains(max.toString());
        assertThat(spec.canonical(0, min.subtract(BigInteger.ONE))).isEmpty();
        assertThat(spec.canonical(0, max.add(BigInteger.ONE))).isEmpty();
        boolean holds = number.compareTo(min) >= 0 && number.compareTo(max) <= 0;
        assertThat(spec.canonical(0, number)).isEqualTo(holds ? Optional.of(number.toString()) : Optional.empty());
    }

    @Provide
    Arbitrary<Integer> widths() {
        return Arbitraries.of(1, 2, 3, 4, 8);
    }
}
