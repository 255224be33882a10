package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.jdbc.boundary.KeyValues.Stored;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.KeyColumn;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.KeyType;
import dev.dualwrite.sql.Expr;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyValuesTest {
    private static final SessionFacts STRICT =
            new SessionFacts(false, false, 1, false, false, false, true, "utf8mb4", false, true, false);

    private static KeyValues ofChar(int length) {
        KeyColumn key = new KeyColumn(
                "k", KeyType.TEXT, "char(" + length + ")", length, 0, false, 0, true, "utf8mb4", "utf8mb4_bin", true);
        Table table = new Table("s", "t", List.of(), new KeySpec("t", List.of(key)), List.of());
        return new KeyValues(table, STRICT, Parameters.NONE, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \n", "a \r\n", "a \u0085", "a \u2028", " \n"})
    void aSpaceBeforeTheEndOfALineIsNotTrailing(String text) throws SQLException {
        assertThat(ofChar(10).stored(0, new Expr.StringLiteral(text))).isEqualTo(new Stored.Known(text));
        assertThat(ofChar(10).answered(0, text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"'a b  ', 'a b'", "'  ', ''", "'abc  x', abc"})
    void charLosesTrailingSpacesAndWhatDoesNotFit(String text, String stored) throws SQLException {
        assertThat(ofChar(5).stored(0, new Expr.StringLiteral(text))).isEqualTo(new Stored.Known(stored));
    }
}
