package dev.dualwrite.jdbc.compare;

import dev.dualwrite.sql.FunctionRef;
import dev.dualwrite.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a read is not compared. Each is counted by its name. */
enum Skip {
    /** It answers by the time, the session or by chance. */
    NOT_REPEATABLE,
    /** It has a function whose answer depends on the order in which rows are met. */
    ORDER_OF_ROWS,
    /** It has a LIMIT, and no ORDER BY that says which rows. */
    LIMIT_WITHOUT_ORDER,
    /** It names a schema, and the sides' have different names. */
    NAMES_A_SCHEMA,
    /** A parameter can be read once only. */
    STREAM_PARAMETER,
    /** Its session reads texts in another way than the library's own. */
    SESSION_MODE,
    /** There are too many shapes to count this one by itself. */
    TOO_MANY_SHAPES,
    /** Its text is too long. */
    TEXT_TOO_LONG,
    /** Its answer is too large. */
    TOO_LARGE,
    /** The owner does not answer it in a session of the library's own. */
    OWNER_ERROR,
    /** The phase or the owner changed meanwhile. */
    PHASE_OVER;

    /** The text of a read that is looked at. */
    static final int CHARS = 20_000;

    private static final Set<String> UNREPEATABLE = Set.of(
            "now",
            "sysdate",
            "curdate",
            "curtime",
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "utc_date",
            "utc_time",
            "utc_timestamp",
            "unix_timestamp",
            "rand",
            "random_bytes",
            "uuid",
            "uuid_v4",
            "uuid_v7",
            "uuid_short",
            "sys_guid",
            "sleep",
            "benchmark",
            "user",
            "current_user",
            "current_role",
            "session_user",
            "system_user",
            "database",
            "schema",
            "version",
            "icu_version",
            "connection_id",
            "last_insert_id",
            "found_rows",
            "row_count",
            "last_value",
            "is_free_lock",
            "is_used_lock",
            "load_file",
            "ps_thread_id",
            "ps_current_thread_id");

    /** Of these, what has the meaning of a function without parentheses. */
    private static final List<String> WORDS = List.of(
            "CURRENT_DATE",
            "CURRENT_TIME",
            "CURRENT_TIMESTAMP",
            "LOCALTIME",
            "LOCALTIMESTAMP",
            "UTC_DATE",
            "UTC_TIME",
            "UTC_TIMESTAMP",
            "CURRENT_USER",
            "CURRENT_ROLE");

    private static final Set<String> ORDERED = Set.of(
            "group_concat",
            "json_arrayagg",
            "json_objectagg",
            "any_value",
            "row_number",
            "first_value",
            "nth_value",
            "lag",
            "lead",
            "ntile");

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Why a statement is not compared, whatever its parameters are; null if it is. */
    static @Nullable Skip of(Statement.Select select, boolean sameSchemas) {
        if (!sameSchemas && select.tables().refs().stream().anyMatch(ref -> ref.schema() != null)) {
            return NAMES_A_SCHEMA;
        }
        if (calls(select, UNREPEATABLE) || WORDS.stream().anyMatch(select::mentions)) {
            return NOT_REPEATABLE;
        }
        if (calls(select, ORDERED)) {
            return ORDER_OF_ROWS;
        }
        return select.limited() && !select.ordered() ? LIMIT_WITHOUT_ORDER : null;
    }

    private static boolean calls(Statement.Select select, Set<String> functions) {
        return select.features().functions().stream()
                .map(FunctionRef::name)
                .anyMatch(name -> functions.contains(name.toLowerCase(Locale.ROOT)));
    }

    /** Whether a rule of the host may say that it is compared all the same. */
    boolean canBeOverruled() {
        return this == NOT_REPEATABLE || this == ORDER_OF_ROWS || this == LIMIT_WITHOUT_ORDER;
    }
}
