package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.jdbc.control.ControlNames;
import dev.dualwrite.key.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The control tables' text, as it ships, and its execution on request. */
final class ControlTables {
    private static final String RESOURCE = "/dev/dualwrite/jdbc/control-tables.sql";
    private static final String CREATE = "CREATE TABLE IF NOT EXISTS dualwrite_";

    private ControlTables() {}

    static void create(Connection connection, ControlNames names) throws SQLException {
        for (String statement : statements()) {
            String sql = "CREATE TABLE IF NOT EXISTS " + Sql.name(names.schema()) + "." + names.prefix()
                    + statement.substring(CREATE.length());
            try (Statement run = connection.createStatement()) {
                run.execute(sql);
            }
        }
    }

    /** The names of those that are not there, or that this account may not see. */
    static List<String> missing(Connection connection, ControlNames names) throws SQLException {
        Set<String> there = names(connection, names.schema());
        return statements().stream()
                .map(statement -> statement.substring(CREATE.length()).split("[ (]", 2)[0])
                .map(table -> names.prefix() + table)
                .filter(table -> !there.contains(table.toLowerCase(Locale.ROOT)))
                .toList();
    }

    /** Whether a table is there, and may be seen. */
    static boolean exists(Connection connection, String schema, String name) throws SQLException {
        return names(connection, schema).contains(name.toLowerCase(Locale.ROOT));
    }

    private static Set<String> names(Connection connection, String schema) throws SQLException {
        Set<String> there = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT LOWER(table_name) FROM information_schema.tables WHERE table_schema = ?")) {
            select.setString(1, schema);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    there.add(row.getString(1));
                }
            }
        }
        return there;
    }

    /** One statement for each table, with the default prefix. */
    static List<String> statements() {
        String text;
        try (InputStream in = ControlTables.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the jar");
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE + " cannot be read", e);
        }
        List<String> statements = new ArrayList<>();
        for (String part : text.replaceAll("(?m)^--.*$", "").split(";", -1)) {
            if (!part.isBlank()) {
                statements.add(part.strip());
            }
        }
        return statements;
    }
}
