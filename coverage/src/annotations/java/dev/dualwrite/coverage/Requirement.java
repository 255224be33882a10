package dev.dualwrite.coverage;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The numbers of the requirements that a test, or all tests of a class together, meet. They stand in
 * {@code docs/scenarios.md}, which is made from these annotations.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.SOURCE)
public @interface Requirement {
    /** Numbers of rows in {@code requirements.txt}. */
    int[] value();
}
