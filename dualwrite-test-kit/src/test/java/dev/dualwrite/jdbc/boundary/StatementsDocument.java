package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.boundary.StatementRow.Form;
import java.util.List;

/** {@code docs/statements.md}, as text: the rows of {@link StatementKinds} and {@link JdbcFeatures}. */
final class StatementsDocument {
    private final StringBuilder text = new StringBuilder();

    static String text() {
        return new StatementsDocument().written();
    }

    private String written() {
        text.append("""
                # Statements and JDBC features

                What becomes of each kind of statement, and of each feature of JDBC, behind the boundary. Made of the tables that
                `StatementKindsIT` and `JdbcFeaturesIT` run on two real servers, where each verdict is found out by comparing all
                tables before and after and reading the intents; not written by hand. The build fails if it is not what they say;
                `mvn -q -pl dualwrite-test-kit -am test -Dtest=StatementsDocumentTest -Dsurefire.failIfNoSpecifiedTests=false
                -Ddualwrite.docs=write` writes it anew.

                | word | meaning |
                |---|---|
                | captured | the keys of the intents are those of the rows that changed |
                | superset | they are among them: a key too many is converged like any other, and found equal |
                | passed on | no moved row changes and nothing is captured; what the server or driver answers is what the host gets |
                | refused (DW-2nnn) | by a `StatementRefusedException` before it reaches a server; nothing changes, and the transaction can go on. [codes.md](codes.md) has the reasons, and what to do instead |

                In a phase that captures nothing the same is passed on that is captured in the others; what is refused for the value
                of a key or for its condition is then passed on, too, where it says so.

                ## Statements

                The tables `elsewhere` and `spare` do not move, all others do, and `items` is a view of one. Each example runs with
                autocommit and in a transaction, and in every phase.
                """);
        for (Form form : Form.values()) {
            statements(form);
        }
        text.append("\n## JDBC\n");
        for (Feature.Area area : Feature.Area.values()) {
            features(area);
        }
        return text.toString();
    }

    private void statements(Form form) {
        text.append("\n### ").append(form.title()).append('\n');
        List<StatementRow> rows =
                StatementKinds.ALL.stream().filter(row -> row.form() == form).toList();
        if (!rows.isEmpty()) {
            text.append("\n| | example | becomes | on other tables |\n|---|---|---|---|\n");
            rows.forEach(this::statement);
        }
        proved(StatementKinds.PROVED.getOrDefault(form, List.of()));
    }

    private void statement(StatementRow row) {
        String example = code(row.sql());
        if (!row.before().isEmpty()) {
            example = "after " + code(String.join("; ", row.before())) + ": " + example;
        }
        String becomes = row.expected().text();
        if (row.expected().outcome() == Verdict.Outcome.REFUSED
                && !row.otherwise().equals(row.expected())) {
            becomes += " while changes are captured";
        }
        if (row.whileTargetOwns() != null) {
            becomes += "; while the target owns, "
                    + Verdict.refused(row.whileTargetOwns()).text();
        }
        StatementRow.Elsewhere elsewhere = row.elsewhere();
        String other = elsewhere == null
                ? ""
                : code(elsewhere.sql()) + ": " + elsewhere.expected().text();
        line(row.what(), example, becomes, other);
    }

    private void features(Feature.Area area) {
        text.append("\n### ").append(area.title()).append('\n');
        List<Feature> rows =
                JdbcFeatures.ALL.stream().filter(row -> row.area() == area).toList();
        if (!rows.isEmpty()) {
            text.append("\n| | becomes |\n|---|---|\n");
            rows.forEach(row -> line(row.what(), row.expected().text()));
        }
        proved(JdbcFeatures.PROVED.getOrDefault(area, List.of()));
    }

    private void proved(List<Proved> rows) {
        if (!rows.isEmpty()) {
            text.append("\n| shown by tests of their own | becomes | |\n|---|---|---|\n");
            rows.forEach(row -> line(row.what(), row.becomes(), code(String.join("`<br>`", row.tests()))));
        }
    }

    private void line(String... cells) {
        text.append('|');
        for (String cell : cells) {
            text.append(' ').append(cell).append(" |");
        }
        text.append('\n');
    }

    private static String code(String sql) {
        String quoted = sql.contains("`") && !sql.contains("`<br>`") ? "`` " + sql + " ``" : "`" + sql + "`";
        return quoted.replace("\n", "⏎").replace("|", "\\|");
    }
}
