package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.boundary.Verdict.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kind of statement, with an example that runs.
 *
 * @param before what the session does first; empty for most
 * @param sql the example, where <code>{own}</code> and <code>{other}</code> are the schemas of the side that owns and of
 *     the other one
 * @param together whether what comes before it has to be of the same transaction
 * @param otherwise what becomes of it in a phase that captures nothing
 * @param whileTargetOwns why it is refused while the target owns; null if that makes no difference
 * @param elsewhere the same kind on tables that do not move
 */
record StatementRow(
        Form form,
        String what,
        List<String> before,
        String sql,
        boolean together,
        Verdict expected,
        Verdict otherwise,
        @Nullable Refusal whileTargetOwns,
        @Nullable Elsewhere elsewhere) {

    /** An example on tables that do not move, and what becomes of it. */
    record Elsewhere(String sql, Verdict expected) {}

    /** What may be written down in one form or another, by the chapters of the documentation. */
    enum Form {
        INSERT("INSERT"),
        GENERATED("Keys that the server generates"),
        KEY_VALUE("What a key is given"),
        COMPOSITE("Composite keys"),
        INSERT_SELECT("INSERT … SELECT"),
        ON_DUPLICATE("ON DUPLICATE KEY UPDATE"),
        IGNORE("IGNORE"),
        REPLACE("REPLACE"),
        UPDATE("UPDATE"),
        DELETE("DELETE"),
        KEY_CHANGE("Changes of a key"),
        JOIN("Changes of several tables"),
        LIMIT("ORDER BY and LIMIT"),
        CTE("WITH"),
        CLAUSE("RETURNING, PARTITION and other clauses"),
        SERVER_VALUE("Generated and invisible columns, defaults, and what the server computes"),
        CONDITION("Conditions"),
        SPELLING("Names, quotes, comments and modes of the session"),
        VIEW("Views, other schemas and control tables"),
        SELECT("SELECT"),
        ROUTINE("Functions, procedures and prepared texts"),
        TRIGGER("Triggers"),
        CASCADE("Foreign keys"),
        NO_KEY("Tables without a key"),
        LOAD("LOAD DATA and IMPORT"),
        DEFINITION("TRUNCATE, definitions and maintenance"),
        TRANSACTION("Transactions and locks as text"),
        SESSION("The session, and questions to the server"),
        TEXT("Several statements, none, and what is not understood");

        private final String title;

        Form(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private static StatementRow of(Form form, String what, String sql, Verdict expected) {
        boolean changes = expected.outcome() == Outcome.CAPTURED || expected.outcome() == Outcome.SUPERSET;
        Verdict otherwise = changes ? Verdict.UNCAPTURED : expected;
        return new StatementRow(form, what, List.of(), sql, false, expected, otherwise, null, null);
    }

    static StatementRow captured(Form form, String what, String sql) {
        return of(form, what, sql, Verdict.CAPTURED);
    }

    static StatementRow superset(Form form, String what, String sql) {
        return of(form, what, sql, Verdict.SUPERSET);
    }

    static StatementRow passed(Form form, String what, String sql) {
        return of(form, what, sql, Verdict.PASSED);
    }

    /** The server or the driver says no. */
    static StatementRow failing(Form form, String what, String sql, int code) {
        return of(form, what, sql, Verdict.failing(code));
    }

    /** One server says no, and another does not. */
    static StatementRow whatever(Form form, String what, String sql) {
        return of(form, what, sql, Verdict.PASSED_WHATEVER);
    }

    static StatementRow refused(Form form, String what, String sql, Refusal why) {
        return of(form, what, sql, Verdict.refused(why));
    }

    StatementRow after(String... statements) {
        return new StatementRow(
                form, what, List.of(statements), sql, together, expected, otherwise, whileTargetOwns, elsewhere);
    }

    /** As {@link #after}, in one transaction with it. */
    StatementRow together(String... statements) {
        return new StatementRow(
                form, what, List.of(statements), sql, true, expected, otherwise, whileTargetOwns, elsewhere);
    }

    /** In a phase that captures nothing, if that is not plain. */
    StatementRow otherwise(Verdict its) {
        return new StatementRow(form, what, before, sql, together, expected, its, whileTargetOwns, elsewhere);
    }

    StatementRow whileTargetOwns(Refusal why) {
        return new StatementRow(form, what, before, sql, together, expected, otherwise, why, elsewhere);
    }

    StatementRow elsewhere(String other) {
        return elsewhere(other, Verdict.PASSED);
    }

    StatementRow elsewhere(String other, Verdict its) {
        return new StatementRow(
                form, what, before, sql, together, expected, otherwise, whileTargetOwns, new Elsewhere(other, its));
    }

    @Override
    public String toString() {
        return what + ": " + sql;
    }
}
