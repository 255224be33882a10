/** dualwrite for MySQL and MariaDB. The entry type is {@code dev.dualwrite.jdbc.DualWrite}. */
module dev.dualwrite.jdbc {
    requires transitive dev.dualwrite.core;
    requires transitive java.sql;
    requires com.github.benmanes.caffeine;
    requires com.zaxxer.hikari;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;
    requires mysql.connector.j;
    requires org.slf4j;
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;

    exports dev.dualwrite.jdbc;
}
