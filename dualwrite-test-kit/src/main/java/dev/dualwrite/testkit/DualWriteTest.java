package dev.dualwrite.testkit;

import dev.dualwrite.Phase;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class two databases of its own and a migration between them that is ready. A test, or a {@code
 * BeforeEach} or {@code AfterEach} method, takes as parameters whichever it needs:
 *
 * <ul>
 *   <li>a {@link DualWriteHarness}, for everything;
 *   <li>a {@link dev.dualwrite.jdbc.DualWrite}, the migration;
 *   <li>a {@link javax.sql.DataSource}, what the application under test uses;
 *   <li>a {@link dev.dualwrite.testkit.fault.Database} with {@link Source} or {@link Destination}.
 * </ul>
 *
 * <p>All tests of a JVM share two servers ({@link dev.dualwrite.testkit.server.TwoServers#get()} chooses them) and have
 * schemas of their own there, so tests may run in parallel. After the test the migration is closed and the schemas are dropped.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(DualWriteExtension.class)
public @interface DualWriteTest {
    /** The tables that move; by default every table of the schema. */
    String[] tables() default {};

    /**
     * Scripts on the class path, of the test class, that make the tables and their first rows on both sides: statements that end
     * in semicolons. In the order given.
     */
    String[] schema() default {};

    /** More scripts, for the source only: rows that the backfill has to copy. */
    String[] sourceRows() default {};

    /** Options of the application's driver, such as {@code rewriteBatchedStatements=true}; see {@link HarnessBuilder#driverOptions}. */
    String driverOptions() default "";

    /** What is done in Java beside. */
    Class<? extends DualWriteSetup> setup() default NoSetup.class;

    /** The phase in which a test begins. In {@code DUAL_WRITE} and later what was there before is copied. */
    Phase phase() default Phase.DUAL_WRITE;

    /** Nothing beside. */
    final class NoSetup implements DualWriteSetup {}
}
