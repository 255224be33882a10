package dev.dualwrite.jdbc;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.stream.Stream;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs test methods, each named {@code class#method}, in a process of its own and prints what came of them. */
final class OneTest {
    private OneTest() {}

    public static void main(String[] arguments) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(arguments).map(name -> selectMethod(name)).toList())
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.getFailures()
                .forEach(failure -> System.out.println("FAILURE "
                        + String.valueOf(failure.getException()).strip().replaceAll("\\s+", " ")));
        System.out.println("VERDICT "
                + (summary.getTestsStartedCount() != arguments.length
                        ? "did not run"
                        : summary.getTestsFailedCount() == 0
                                ? "passed"
                                : summary.getFailures().stream()
                                                .allMatch(failure -> failure.getException() instanceof AssertionError)
                                        ? "failed"
                                        : "broke"));
        System.exit(0);
    }
}
