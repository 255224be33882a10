/**
 * The protocol of dualwrite: ownership, phases, the flip, the repair queue and the reading of SQL. It
 * knows neither JDBC nor a driver; {@code dev.dualwrite.jdbc} brings both and holds the entry type.
 */
@SuppressWarnings("module") // the module that these packages are opened to is built after this one
module dev.dualwrite.core {
    requires io.github.resilience4j.bulkhead;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;
    requires org.slf4j;
    requires static dev.openfeature.sdk;
    requires static transitive org.jspecify;

    exports dev.dualwrite;
    exports dev.dualwrite.openfeature;
    exports dev.dualwrite.converge to
            dev.dualwrite.jdbc;
    exports dev.dualwrite.flip to
            dev.dualwrite.jdbc;
    exports dev.dualwrite.key to
            dev.dualwrite.jdbc;
    exports dev.dualwrite.sql to
            dev.dualwrite.jdbc;
}
