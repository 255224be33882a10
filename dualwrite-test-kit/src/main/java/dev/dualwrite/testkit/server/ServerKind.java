package dev.dualwrite.testkit.server;

/** The two families of servers that speak the protocol. They differ enough for a test to ask. */
public enum ServerKind {
    /** MySQL. */
    MYSQL,
    /** MariaDB. */
    MARIADB
}
