package dev.dualwrite.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures what a statement costs in the application's process, through this library and through others, by JMH with a
 * driver that costs nothing. {@link Bounds} lists the properties: each round is a JVM of its own.
 */
public final class Cost {
    private static final int ITERATIONS = 5;

    private final Bounds bounds;
    private final List<RunResult> results;

    private Cost(Bounds bounds, Collection<RunResult> results) {
        this.bounds = bounds;
        this.results = List.copyOf(results);
    }

    /**
     * Runs everything, prints the report, and writes it to a file.
     *
     * @param arguments the file, and the versions that only the build knows
     */
    public static void main(String[] arguments) throws RunnerException, IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("wants the report's file and the versions of what is measured");
        }
        Bounds bounds = Bounds.fromProperties();
        System.setProperty("java.class.path", classPath());
        List<String> facts = Machine.facts(arguments[1]);
        Cost cost = new Cost(bounds, new Runner(options(bounds)).run());
        String report = cost.markdown(facts);
        System.out.println(report);
        Files.writeString(Path.of(arguments[0]), report);
    }

    /** For the JVMs that JMH starts: the build tool has this class from a loader of its own. */
    static String classPath() {
        return Cost.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    private static Options options(Bounds bounds) {
        TimeValue time = TimeValue.milliseconds(bounds.measured().toMillis());
        return new OptionsBuilder()
                .include(System.getProperty("bench.include", Cycle.class.getName()))
                .param("wrapper", wrappers())
                .forks(bounds.rounds())
                .warmupIterations(ITERATIONS)
                .warmupTime(time)
                .measurementIterations(ITERATIONS)
                .measurementTime(time)
                .addProfiler(GCProfiler.class)
                .jvmArgs(
                        "-Dp6spy.config.modulelist=com.p6spy.engine.spy.P6SpyFactory",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
                .shouldFailOnError(true)
                .build();
    }

    private static String[] wrappers() {
        String some = System.getProperty("bench.wrappers", "");
        return some.isEmpty()
                ? Stream.of(Wrapper.values()).map(Wrapper::name).toArray(String[]::new)
                : some.split(",", -1);
    }

    private String markdown(List<String> facts) {
        StringBuilder text = new StringBuilder("# Cost\n\n");
        facts.forEach(fact -> text.append("- ").append(fact).append('\n'));
        text.append("- ")
                .append(String.join(", ", Wrapper.jars()))
                .append('\n')
                .append(String.format(
                        Locale.ROOT,
                        "- %d JVMs for each figure, %d iterations of %.1f s in each after as many that are not counted; the"
                                + " median with the least and the most%n",
                        bounds.rounds(),
                        ITERATIONS,
                        bounds.measured().toNanos() / 1e9));
        for (String method : List.of("update", "read")) {
            for (boolean autoCommit : List.of(false, true)) {
                text.append("\n## ")
                        .append(method)
                        .append(autoCommit ? ", autocommit\n\n" : " and commit\n\n")
                        .append(grid(method, autoCommit));
            }
        }
        return text.toString();
    }

    private Grid grid(String method, boolean autoCommit) {
        Grid grid = new Grid("in front of the driver", "ns", "processor ns", "above bare", ": p6spy", "B");
        Optional<Double> bare =
                figures(Wrapper.BARE, method, autoCommit, Cost::processor).map(Spread::median);
        Optional<Double> p6spy =
                figures(Wrapper.P6SPY, method, autoCommit, Cost::processor).map(Spread::median);
        for (Wrapper wrapper : Wrapper.values()) {
            Optional<Spread> nanos = figures(wrapper, method, autoCommit, Cost::nanos);
            Optional<Spread> processor = figures(wrapper, method, autoCommit, Cost::processor);
            Optional<Spread> bytes = figures(wrapper, method, autoCommit, Cost::bytes);
            if (nanos.isEmpty() || processor.isEmpty() || bytes.isEmpty()) {
                continue;
            }
            double took = processor.get().median();
            grid.add(List.of(
                    wrapper.title(),
                    nanos.get().text(0),
                    processor.get().text(0),
                    bare.map(of -> String.format(Locale.ROOT, "%.0f", took - of))
                            .orElse(""),
                    bare.flatMap(of -> p6spy.map(peer -> String.format(Locale.ROOT, "%.2f", (took - of) / (peer - of))))
                            .orElse(""),
                    String.format(Locale.ROOT, "%.0f", bytes.get().median())));
        }
        return grid;
    }

    private Optional<Spread> figures(
            Wrapper wrapper, String method, boolean autoCommit, ToDoubleFunction<IterationResult> figure) {
        List<Double> figures = results.stream()
                .filter(result -> result.getParams().getBenchmark().endsWith("." + method)
                        && result.getParams().getParam("wrapper").equals(wrapper.name())
                        && result.getParams().getParam("autoCommit").equals(Boolean.toString(autoCommit)))
                .flatMap(result -> result.getBenchmarkResults().stream())
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(figure::applyAsDouble)
                .toList();
        return figures.isEmpty() ? Optional.empty() : Optional.of(Spread.of(figures));
    }

    private static double nanos(IterationResult iteration) {
        return iteration.getPrimaryResult().getScore();
    }

    private static double processor(IterationResult iteration) {
        return secondary(iteration.getSecondaryResults(), "nanos");
    }

    private static double bytes(IterationResult iteration) {
        return secondary(iteration.getSecondaryResults(), "gc.alloc.rate.norm");
    }

    @SuppressWarnings("rawtypes") // so JMH says
    static double secondary(Map<String, Result> of, String name) {
        Result result = of.get(name);
        if (result == null) {
            throw new IllegalStateException("nothing is known of " + name);
        }
        return result.getScore();
    }
}
