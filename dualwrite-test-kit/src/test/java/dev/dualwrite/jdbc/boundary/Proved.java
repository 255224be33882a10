package dev.dualwrite.jdbc.boundary;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What another test of the kit shows, so that it is not shown again.
 *
 * @param tests each as {@code Type#method}
 */
record Proved(String what, String becomes, @Nullable Refusal refusal, List<String> tests) {
    private static final List<String> PACKAGES = List.of("dev.dualwrite.jdbc.", "dev.dualwrite.jdbc.boundary.");

    static Proved refused(String what, Refusal why, String... tests) {
        return new Proved(what, Verdict.refused(why).text(), why, List.of(tests));
    }

    static Proved by(String what, String becomes, String... tests) {
        return new Proved(what, becomes, null, List.of(tests));
    }

    /** Whether the build runs such a test. */
    static boolean runs(String test) {
        String[] parts = test.split("#", 2);
        return parts[0].endsWith("IT")
                && PACKAGES.stream()
                        .flatMap(where -> type(where + parts[0]).stream())
                        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                        .anyMatch(method -> method.getName().equals(parts[1]) && isTest(method));
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }

    private static Optional<Class<?>> type(String name) {
        try {
            return Optional.of(Class.forName(name, false, Proved.class.getClassLoader()));
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        }
    }
}
