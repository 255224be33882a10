package dev.dualwrite.coverage.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The document and what is wrong with the annotations that it is made from. */
public final class Coverage {
    private static final Path TESTS = Path.of("src", "test", "java");

    private final Catalogue scenarios = Catalogue.scenarios();
    private final Catalogue requirements = Catalogue.requirements();
    private final SourceScan scan;

    private Coverage(SourceScan scan) {
        this.scan = scan;
    }

    /** @param root the folder of the project */
    static Coverage of(Path root) throws IOException {
        return new Coverage(SourceScan.of(tests(root)));
    }

    /**
     * Writes the document.
     *
     * @param arguments the folder of the project
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Coverage coverage = of(root);
        Files.writeString(document(root), coverage.text());
        coverage.problems().forEach(System.err::println);
    }

    static Path document(Path root) {
        return root.resolve("docs").resolve("scenarios.md");
    }

    private static List<Path> tests(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> root.relativize(file).toString().contains(TESTS.toString()))
                    .sorted()
                    .toList();
        }
    }

    /** Rows without an answer, numbers that are no rows, and annotations that no test bears out. */
    SortedSet<String> problems() {
        SortedSet<String> problems = new TreeSet<>(scan.problems());
        problems.addAll(problems("scenario", scenarios, scan.scenarios()));
        problems.addAll(problems("requirement", requirements, scan.requirements()));
        return problems;
    }

    static SortedSet<String> problems(String kind, Catalogue catalogue, SortedMap<Integer, SortedSet<TestName>> tests) {
        SortedSet<String> problems = new TreeSet<>();
        SortedSet<Integer> unknown = new TreeSet<>(tests.keySet());
        for (Row row : catalogue.rows()) {
            unknown.remove(row.number());
            boolean tested = tests.containsKey(row.number());
            if (!tested && row.rest() instanceof Row.Nothing) {
                problems.add(kind + " " + row.number() + " has neither a test nor an issue");
            }
            if (tested && row.rest() instanceof Row.NotApplicable) {
                problems.add(kind + " " + row.number() + " is not applicable and has a test");
            }
        }
        unknown.forEach(number -> problems.add(kind + " " + number + " is named by " + tests.get(number)
                + " and does not stand in the list of " + kind + "s"));
        return problems;
    }

    String text() {
        return new Document(scenarios, scan.scenarios(), requirements, scan.requirements()).text();
    }
}
