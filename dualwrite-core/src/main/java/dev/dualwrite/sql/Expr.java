package dev.dualwrite.sql;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A complete expression: a value that can be read from the text, or {@link Opaque}. */
public sealed interface Expr {

    /** A JDBC parameter; {@code index} counts from 1. */
    record Param(int index) implements Expr {}

    /** An integer with its sign, as written: digits, at most one leading {@code -}. */
    record IntegerLiteral(String text) implements Expr {}

    /** A number with a decimal point and without an exponent, with its sign, as written. */
    record DecimalLiteral(String text) implements Expr {}

    /** One or more adjacent single-quoted strings without a character set introducer, decoded and joined. */
    record StringLiteral(String value) implements Expr {}

    /** {@code x'1F'} or {@code 0x1F}, as lower-case hexadecimal digits, two to a byte. */
    record HexLiteral(String digits) implements Expr {

        /** The bytes, a fresh array each time. */
        public byte[] bytes() {
            return HexFormat.of().parseHex(digits);
        }
    }

    /** {@code NULL}. */
    record Null() implements Expr {}

    /** {@code DEFAULT}, without a column. */
    record Default() implements Expr {}

    /** A column, or what looks like one; {@code qualifier} is the table or alias before it. */
    record ColumnRef(@Nullable String qualifier, String name) implements Expr {}

    /**
     * Anything else, not understood.
     *
     * @param span where it stands
     * @param params the JDBC indexes inside, ascending
     * @param identifiers the names inside that may be columns or tables, each once, case as written
     * @param functions what looks like a call, each once
     * @param floating contains a number with an exponent
     */
    record Opaque(
            SourceSpan span,
            List<Integer> params,
            Set<String> identifiers,
            Set<FunctionRef> functions,
            boolean floating)
            implements Expr {

        public Opaque {
            params = List.copyOf(params);
            identifiers = Set.copyOf(identifiers);
            functions = Set.copyOf(functions);
        }
    }
}
