package dev.dualwrite.sql;

/**
 * What decides how a server cuts a text into tokens. It belongs to a session: a session that changes its {@code sql_mode}
 * needs another reader.
 *
 * @param server the kind of server, for executable comments
 * @param version the server's version as executable comments write it: 80403 for MySQL 8.4.3, 110405 for MariaDB 11.4.5
 * @param ansiQuotes {@code sql_mode} has {@code ANSI_QUOTES}: a double-quoted text is an identifier
 * @param noBackslashEscapes {@code sql_mode} has {@code NO_BACKSLASH_ESCAPES}: a backslash in a string is a character
 */
public record SqlDialect(Server server, int version, boolean ansiQuotes, boolean noBackslashEscapes) {

    /** The kind of server. */
    public enum Server {
        MYSQL,
        MARIADB
    }

    public SqlDialect {
        if (version < 10_000 || version > 999_999) {
            throw new IllegalArgumentException(
                    "version " + version + " is not of the form Mmmrr, such as 80403 for 8.4.3 or 110405 for 11.4.5");
        }
    }

    /** A MySQL session whose {@code sql_mode} leaves quotes and backslashes as they are by default. */
    public static SqlDialect mysql(int version) {
        return new SqlDialect(Server.MYSQL, version, false, false);
    }

    /** A MariaDB session whose {@code sql_mode} leaves quotes and backslashes as they are by default. */
    public static SqlDialect mariadb(int version) {
        return new SqlDialect(Server.MARIADB, version, false, false);
    }

    /** The same server in a session with these two modes. */
    public SqlDialect withModes(boolean ansiQuotes, boolean noBackslashEscapes) {
        return new SqlDialect(server, version, ansiQuotes, noBackslashEscapes);
    }

    /**
     * Whether the server takes the content of an executable comment with this version number as code.
     *
     * @param mariadbOnly the comment begins with {@code M!}
     */
    boolean executes(int commentVersion, boolean mariadbOnly) {
        if (server == Server.MYSQL) {
            return !mariadbOnly && commentVersion <= version;
        }
        boolean mysqlOnly = !mariadbOnly && commentVersion >= 50_700 && commentVersion <= 99_999;
        return !mysqlOnly && commentVersion <= version;
    }
}
