package dev.dualwrite.testkit;

import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.Database;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One harness for each test that asks for one, in the test's own store; so tests do not meet. */
final class DualWriteExtension implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(DualWriteExtension.class);

    /** Made at the first parameter that needs it. */
    private static final String HARNESS = "harness";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == DualWriteHarness.class
                || type == DualWrite.class
                || type == DataSource.class
                || (type == Database.class
                        && (parameter.isAnnotated(Source.class) != parameter.isAnnotated(Destination.class)));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("databases are given to each test, and not to "
                    + parameter.getDeclaringExecutable()
                    + ": take them as parameters of test, BeforeEach or AfterEach methods");
        }
        DualWriteHarness harness = context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(HARNESS, key -> start(context), DualWriteHarness.class);
        Class<?> type = parameter.getParameter().getType();
        if (type == DualWrite.class) {
            return harness.dualWrite();
        }
        if (type == DataSource.class) {
            return harness.dataSource();
        }
        if (type == Database.class) {
            return parameter.isAnnotated(Source.class) ? harness.source() : harness.target();
        }
        return harness;
    }

    /** A failure to close is a failure of the test; JUnit adds it to the test's own, if there is one. */
    @Override
    public void afterEach(ExtensionContext context) {
        DualWriteHarness harness = context.getStore(NAMESPACE).remove(HARNESS, DualWriteHarness.class);
        if (harness != null) {
            try (harness) {
                harness.assertOldSideUnused();
            }
        }
    }

    private static DualWriteHarness start(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        DualWriteTest wanted = wanted(test);
        HarnessBuilder builder = DualWriteHarness.isolated()
                .tables(wanted.tables())
                .setup(made(wanted.setup()))
                .driverOptions(wanted.driverOptions())
                .phase(wanted.phase());
        for (String script : wanted.schema()) {
            builder.schema(read(test, script));
        }
        for (String script : wanted.sourceRows()) {
            builder.sourceRows(read(test, script));
        }
        return builder.start();
    }

    /** That of the class, or of the one that it is nested in. */
    private static DualWriteTest wanted(Class<?> test) {
        for (Class<?> type = test; type != null; type = type.getEnclosingClass()) {
            DualWriteTest wanted = type.getAnnotation(DualWriteTest.class);
            if (wanted != null) {
                return wanted;
            }
        }
        throw new ParameterResolutionException("@DualWriteTest is missing on " + test.getName());
    }

    private static DualWriteSetup made(Class<? extends DualWriteSetup> type) {
        try {
            Constructor<? extends DualWriteSetup> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new ParameterResolutionException(
                    type.getName() + " has to be a class with a constructor without parameters", e);
        }
    }

    private static String read(Class<?> test, String script) {
        try (InputStream in = test.getResourceAsStream(script)) {
            if (in == null) {
                throw new ParameterResolutionException("there is no script " + script + " on the class path of "
                        + test.getName() + "; a name that begins with / is looked for from its root");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ParameterResolutionException("script " + script + " could not be read", e);
        }
    }
}
