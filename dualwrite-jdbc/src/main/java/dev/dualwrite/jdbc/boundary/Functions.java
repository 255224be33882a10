package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.sql.FunctionRef;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;

/** The server's functions, where it matters what they answer the second time. */
final class Functions {
    /** Functions of their arguments alone, which a server computes alike wherever they stand. */
    private static final Set<String> PURE = Set.of(
            "abs",
            "cast",
            "ceil",
            "ceiling",
            "char",
            "coalesce",
            "concat",
            "concat_ws",
            "conv",
            "convert",
            "crc32",
            "date",
            "elt",
            "floor",
            "format",
            "from_base64",
            "greatest",
            "hex",
            "if",
            "ifnull",
            "insert",
            "last_day",
            "lcase",
            "least",
            "left",
            "length",
            "lower",
            "lpad",
            "ltrim",
            "md5",
            "mod",
            "nullif",
            "repeat",
            "replace",
            "reverse",
            "right",
            "round",
            "rpad",
            "rtrim",
            "sha",
            "sha1",
            "sha2",
            "str_to_date",
            "substr",
            "substring",
            "substring_index",
            "to_base64",
            "trim",
            "truncate",
            "ucase",
            "unhex",
            "upper",
            "uuid_to_bin",
            "bin_to_uuid");

    /** Functions that answer anew each time, or do something when they are asked. */
    private static final Set<String> UNREPEATABLE = Set.of(
            "rand",
            "random_bytes",
            "uuid",
            "uuid_v4",
            "uuid_v7",
            "uuid_short",
            "sys_guid",
            "sleep",
            "benchmark",
            "row_count",
            "found_rows",
            "get_lock",
            "release_lock",
            "release_all_locks",
            "nextval",
            "lastval",
            "setval",
            "last_value");

    private Functions() {}

    static boolean pure(Collection<FunctionRef> functions) {
        return functions.stream()
                .allMatch(f -> f.schema() == null && PURE.contains(f.name().toLowerCase(Locale.ROOT)));
    }

    static boolean repeatable(Collection<FunctionRef> functions) {
        return functions.stream().noneMatch(f -> UNREPEATABLE.contains(f.name().toLowerCase(Locale.ROOT)));
    }
}
