package dev.dualwrite.coverage.table;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code docs/scenarios.md}, as text. */
final class Document {
    private final Catalogue scenarios;
    private final SortedMap<Integer, SortedSet<TestName>> proved;
    private final Catalogue requirements;
    private final SortedMap<Integer, SortedSet<TestName>> met;
    private final StringBuilder text = new StringBuilder();

    Document(
            Catalogue scenarios,
            SortedMap<Integer, SortedSet<TestName>> proved,
            Catalogue requirements,
            SortedMap<Integer, SortedSet<TestName>> met) {
        this.scenarios = scenarios;
        this.proved = proved;
        this.requirements = requirements;
        this.met = met;
    }

    String text() {
        text.append("""
                # Scenarios and requirements

                What can go wrong, what must happen then, and which test proves it. Made from the annotations `@Scenario` and
                `@Requirement` on the tests; not written by hand. The build fails if it is not what they say;
                `mvn -q -pl coverage compile exec:java` writes it anew. The rows, and what is open, stand in
                `coverage/src/main/resources`.

                A row with tests and an issue is proved in part.
                """);
        summary("## Scenarios", scenarios, proved);
        for (Catalogue.Group group : scenarios.groups()) {
            text.append("\n### ")
                    .append(group.key())
                    .append(". ")
                    .append(group.title())
                    .append('\n');
            table(group.rows(), scenarios, proved, "scenario", "");
        }
        summary("## Requirements", requirements, met);
        int listed = requirements.rows().size();
        text.append("\nOf ")
                .append(requirements.total())
                .append(" requirements ")
                .append(met.size())
                .append(" are named by a test. The other ")
                .append(requirements.total() - met.size())
                .append(" are not, ")
                .append(listed - met.size())
                .append(" of which are listed here as open.\n");
        for (Catalogue.Group group : requirements.groups()) {
            text.append("\n### ").append(group.title()).append('\n');
            table(group.rows(), requirements, met, "requirement", "R");
        }
        return text.toString();
    }

    private void summary(String title, Catalogue catalogue, SortedMap<Integer, SortedSet<TestName>> tests) {
        Map<String, SortedSet<Integer>> open = new TreeMap<>();
        Map<String, SortedSet<Integer>> partly = new TreeMap<>();
        SortedSet<Integer> whole = new TreeSet<>();
        for (Row row : catalogue.rows()) {
            boolean tested = tests.containsKey(row.number());
            if (row.rest() instanceof Row.Open left) {
                (tested ? partly : open)
                        .computeIfAbsent(left.issue(), issue -> new TreeSet<>())
                        .add(row.number());
            } else if (tested) {
                whole.add(row.number());
            }
        }
        text.append('\n').append(title).append("\n\n| | rows | numbers |\n|---|---|---|\n");
        line("proved", whole);
        partly.forEach((issue, numbers) -> line("proved in part; the rest: " + issue(catalogue, issue), numbers));
        open.forEach((issue, numbers) -> line("open: " + issue(catalogue, issue), numbers));
        SortedSet<Integer> none = catalogue.rows().stream()
                .filter(row -> row.rest() instanceof Row.NotApplicable)
                .map(Row::number)
                .collect(Collectors.toCollection(TreeSet::new));
        line("not applicable", none);
    }

    private void line(String what, SortedSet<Integer> numbers) {
        if (!numbers.isEmpty()) {
            text.append("| ")
                    .append(what)
                    .append(" | ")
                    .append(numbers.size())
                    .append(" | ")
                    .append(numbers.stream().map(String::valueOf).collect(Collectors.joining(" ")))
                    .append(" |\n");
        }
    }

    private static String issue(Catalogue catalogue, String key) {
        String title = catalogue.issues().get(key);
        return key.chars().allMatch(Character::isDigit)
                ? "issue " + key + " (" + title + ")"
                : key + " (" + title + ")";
    }

    private void table(
            List<Row> rows,
            Catalogue catalogue,
            SortedMap<Integer, SortedSet<TestName>> tests,
            String what,
            String prefix) {
        text.append("\n| # | ").append(what).append(" | proved by |\n|---|---|---|\n");
        for (Row row : rows) {
            Stream<String> names =
                    tests.getOrDefault(row.number(), new TreeSet<>()).stream().map(test -> "`" + test + "`");
            text.append("| ")
                    .append(prefix)
                    .append(row.number())
                    .append(" | ")
                    .append(row.sentence())
                    .append(" | ")
                    .append(Stream.concat(names, left(catalogue, row)).collect(Collectors.joining("<br>")))
                    .append(" |\n");
        }
    }

    private static Stream<String> left(Catalogue catalogue, Row row) {
        if (row.rest() instanceof Row.Open open) {
            return Stream.of("open: " + issue(catalogue, open.issue()) + ": " + open.what());
        }
        if (row.rest() instanceof Row.NotApplicable none) {
            return Stream.of("not applicable: " + none.why());
        }
        return Stream.empty();
    }
}
