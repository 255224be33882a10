package dev.dualwrite.benchmarks;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;

import java.lang.invoke.MethodHandles;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.ExceptionMethod;

/** Makes instances of classes that implement only a part of an interface: each of the other methods fails. */
final class Partial {
    private Partial() {}

    static <T> T of(Class<T> type) {
        try {
            return new ByteBuddy()
                    .subclass(type)
                    .method(isAbstract())
                    .intercept(ExceptionMethod.throwing(UnsupportedOperationException.class, "no part of the stub"))
                    .make()
                    .load(type.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(MethodHandles.lookup()))
                    .getLoaded()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
