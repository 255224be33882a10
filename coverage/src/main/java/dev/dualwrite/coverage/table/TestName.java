package dev.dualwrite.coverage.table;

import java.util.Comparator;

/**
 * A test method, or a test class of which all methods together are meant.
 *
 * @param type the class, without its package
 * @param method the method, or nothing
 */
record TestName(String type, String method) implements Comparable<TestName> {
    private static final Comparator<TestName> ORDER =
            Comparator.comparing(TestName::type).thenComparing(TestName::method);

    @Override
    public int compareTo(TestName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return method.isEmpty() ? type : type + "#" + method;
    }
}
