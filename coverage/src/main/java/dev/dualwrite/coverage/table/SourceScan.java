package dev.dualwrite.coverage.table;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations in some sources say. The compiler's own parser reads them; nothing is compiled, so that no module
 * has to be built before.
 */
final class SourceScan {
    /** The names by which the build finds classes with tests. */
    private static final List<String> RUN = List.of("Test", "Properties", "IT");

    private static final Set<String> TEST =
            Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate", "Property", "Example");
    private static final String OFF = "Disabled";

    private final SortedMap<Integer, SortedSet<TestName>> scenarios = new TreeMap<>();
    private final SortedMap<Integer, SortedSet<TestName>> requirements = new TreeMap<>();
    private final SortedSet<String> problems = new TreeSet<>();

    /** @param files the sources to read */
    static SourceScan of(Collection<Path> files) throws IOException {
        SourceScan scan = new SourceScan();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                scan.new Reader().scan(unit, null);
            }
        }
        return scan;
    }

    /** The tests of each scenario. */
    SortedMap<Integer, SortedSet<TestName>> scenarios() {
        return scenarios;
    }

    /** The tests of each requirement. */
    SortedMap<Integer, SortedSet<TestName>> requirements() {
        return requirements;
    }

    /** Annotations on what the build does not run. */
    SortedSet<String> problems() {
        return problems;
    }

    private static String name(AnnotationTree annotation) {
        String name = annotation.getAnnotationType().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static boolean has(List<? extends AnnotationTree> annotations, Set<String> names) {
        return annotations.stream().map(SourceScan::name).anyMatch(names::contains);
    }

    private final class Reader extends TreeScanner<@Nullable Void, @Nullable ClassTree> {
        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable ClassTree around) {
            List<? extends AnnotationTree> annotations = type.getModifiers().getAnnotations();
            boolean run = around == null
                    && RUN.stream().anyMatch(type.getSimpleName().toString()::endsWith)
                    && !has(annotations, Set.of(OFF));
            note(annotations, new TestName(type.getSimpleName().toString(), ""), run);
            return super.visitClass(type, type);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable ClassTree around) {
            if (around != null) {
                List<? extends AnnotationTree> annotations =
                        method.getModifiers().getAnnotations();
                String type = around.getSimpleName().toString();
                boolean run = has(annotations, TEST)
                        && !has(annotations, Set.of(OFF))
                        && RUN.stream().anyMatch(type::endsWith);
                note(annotations, new TestName(type, method.getName().toString()), run);
            }
            return super.visitMethod(method, around);
        }

        private void note(List<? extends AnnotationTree> annotations, TestName test, boolean run) {
            for (AnnotationTree annotation : annotations) {
                SortedMap<Integer, SortedSet<TestName>> into = switch (name(annotation)) {
                    case "Scenario" -> scenarios;
                    case "Requirement" -> requirements;
                    default -> null;
                };
                if (into == null) {
                    continue;
                }
                if (!run) {
                    problems.add(test + " says what it proves and is not run by the build");
                }
                for (ExpressionTree argument : annotation.getArguments()) {
                    numbers(argument).forEach(number -> {
                        if (!into.computeIfAbsent(number, key -> new TreeSet<>())
                                .add(test)) {
                            problems.add(test + " names " + number + " twice");
                        }
                    });
                }
            }
        }

        private List<Integer> numbers(ExpressionTree value) {
            if (value instanceof AssignmentTree assignment) {
                return numbers(assignment.getExpression());
            }
            if (value instanceof NewArrayTree array) {
                return array.getInitializers().stream()
                        .flatMap(each -> numbers(each).stream())
                        .toList();
            }
            if (value instanceof LiteralTree literal && literal.getValue() instanceof Integer number) {
                return List.of(number);
            }
            problems.add(value + " is not a number as it is written");
            return List.of();
        }
    }
}
