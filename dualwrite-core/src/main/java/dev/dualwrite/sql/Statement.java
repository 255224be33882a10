package dev.dualwrite.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a text is. {@link Insert}, {@link Update} and {@link Delete} are given only for a statement on one table of which
 * every clause was understood; whatever is left is {@link Other}. Immutable.
 */
public sealed interface Statement {

    /** What is known whatever statement it is. */
    Reading reading();

    /** The text that was read. */
    default String sql() {
        return reading().sql();
    }

    /** How many JDBC parameters the text has. */
    default int paramCount() {
        return reading().paramCount();
    }

    /** Every table named anywhere in the text; see {@link Tables}. For {@link Other} it may be incomplete. */
    default Tables tables() {
        return reading().tables();
    }

    /** What the text uses anywhere. */
    default Features features() {
        return reading().features();
    }

    /** See {@link Reading#mentions}. */
    default boolean mentions(String name) {
        return reading().mentions(name);
    }

    /**
     * A query: SELECT, TABLE, VALUES, parenthesised or with CTEs.
     *
     * @param locking the strongest locks asked for, in subqueries too
     * @param into it has an INTO clause and writes a file or variables
     * @param ordered it has an ORDER BY that is not in parentheses
     * @param limited it has a LIMIT or FETCH anywhere
     */
    record Select(Reading reading, Locking locking, boolean into, boolean ordered, boolean limited)
            implements Statement {}

    /**
     * {@code INSERT [INTO] t [(...)] VALUES (...), ...} or {@code INSERT [INTO] t SET ...}.
     *
     * @param columns the columns, empty if the statement has no list or an empty one: then each row gives all columns in
     *     order, or none
     */
    record Insert(Reading reading, TableRef table, List<String> columns, List<Row> rows) implements Statement {

        public Insert {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }

        /** All tables but the one that is inserted into. */
        public Tables others() {
            return tables().without(table);
        }
    }

    /** An UPDATE or DELETE: what it changes is what its condition selects of one table. */
    sealed interface Selective extends Statement {

        TableRef table();

        @Nullable String alias();

        /** Where the table stands, with its alias. */
        SourceSpan target();

        Where where();

        /** Where a WHERE clause, or more of it, would go. */
        int insertAt();

        /** All tables but the one that is changed. */
        default Tables others() {
            return tables().without(table());
        }

        /**
         * {@code SELECT <select> FROM <table> WHERE <condition> <tail> FOR UPDATE}: locks the rows that this statement
         * would change and answers what is asked of them, if both run in one transaction that no other can interleave
         * with.
         *
         * @param select trusted SQL text
         * @param selectParams the parameters of this statement that {@code select} repeats
         * @param tail trusted SQL text, empty or beginning with a space
         * @param lock the clause that makes the queries in the condition lock what they read, as they do in this statement
         *     under REPEATABLE READ; empty for none
         * @throws IllegalArgumentException if {@code lock} is given and one of the queries cannot take it
         */
        default DerivedSql keySelect(List<String> select, List<Integer> selectParams, String tail, String lock) {
            return Derivation.keySelect(this, select, selectParams, tail, lock);
        }

        /** This statement, its condition narrowed by {@code AND (predicate)}; the predicate is trusted SQL text. */
        default DerivedSql restrictedTo(String predicate) {
            return Derivation.restricted(sql(), paramCount(), where(), insertAt(), predicate);
        }
    }

    /** {@code UPDATE t [[AS] alias] SET ... [WHERE ...]}. */
    record Update(
            Reading reading,
            TableRef table,
            @Nullable String alias,
            SourceSpan target,
            List<Assignment> assignments,
            Where where,
            int insertAt)
            implements Selective {

        public Update {
            assignments = List.copyOf(assignments);
        }
    }

    /** {@code DELETE FROM t [[AS] alias] [WHERE ...]}. */
    record Delete(Reading reading, TableRef table, @Nullable String alias, SourceSpan target, Where where, int insertAt)
            implements Selective {}

    /**
     * Everything else. What {@link #tables} says may be incomplete: ask {@link #mentions}.
     *
     * @param detail the leading keywords in upper case, or what was not understood
     * @param names for {@link Kind#SET_SESSION} and {@link Kind#SET_GLOBAL} the variables in lower case, for
     *     {@link Kind#USE} the schema; else empty
     */
    record Other(Reading reading, Kind kind, String detail, List<String> names) implements Statement {

        public Other {
            names = List.copyOf(names);
        }
    }
}
