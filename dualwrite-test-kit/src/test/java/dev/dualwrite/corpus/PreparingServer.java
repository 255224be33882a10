package dev.dualwrite.corpus;

import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.User;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server of which PREPARE is asked, and nothing else: how many parameters a text has, and by what several accounts are
 * denied which tables it uses, and of which it needs to change rows. Of one thread.
 */
final class PreparingServer implements AutoCloseable {
    /** What it says. */
    sealed interface Answer {
        /** @param changed the tables of which rows change */
        record Accepted(Take take, Set<String> changed) implements Answer {}

        /** It is no statement of this server. */
        record NoStatement() implements Answer {}

        /** It is one, but not of these tables and columns. */
        record NotOfThese(int code) implements Answer {}
    }

    private static final int SYNTAX = 1064;
    private static final Set<Integer> DENIED = Set.of(1142, 1143);
    private static final Pattern VERBS = Pattern.compile("([A-Z]+(?:, [A-Z]+)*) command denied");
    private static final String OPTIONS =
            "&useServerPrepStmts=true&emulateUnsupportedPstmts=false&processEscapeCodesForPrepStmts=false";

    private final List<User> users = new ArrayList<>();
    private final Schema schema;
    private final Connection all;
    private final Connection readsOnly;
    private final Connection driver;
    private final Map<String, Connection> without = new LinkedHashMap<>();
    private final Map<String, Connection> changing = new LinkedHashMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private @Nullable Mode mode;

    PreparingServer(Server server, List<String> tables) throws SQLException {
        schema = server.isolatedSchema("prepare");
        schema.execute(Scratch.ddl());
        all = kept(DriverManager.getConnection(schema.jdbcUrl() + OPTIONS));
        driver = kept(DriverManager.getConnection(schema.jdbcUrl() + "&generateSimpleParameterMetadata=true"));
        readsOnly = as(server, List.of("SELECT, LOCK TABLES ON " + schema.name() + ".*"));
        for (String table : tables) {
            without.put(
                    table,
                    as(
                            server,
                            tables.stream()
                                    .filter(other -> !other.equals(table))
                                    .map(other -> "SELECT, INSERT, UPDATE, DELETE ON " + in(other))
                                    .toList()));
            changing.put(
                    table,
                    as(
                            server,
                            List.of(
                                    "SELECT, LOCK TABLES ON " + schema.name() + ".*",
                                    "INSERT, UPDATE, DELETE ON " + in(table))));
        }
    }

    private String in(String table) {
        return schema.name() + ".`" + table + "`";
    }

    private Connection as(Server server, List<String> grants) throws SQLException {
        User user = server.createUser();
        users.add(user);
        try (Statement statement = all.createStatement()) {
            for (String grant : grants) {
                statement.execute("GRANT " + grant + " TO " + user.account());
            }
        }
        return kept(DriverManager.getConnection(user.jdbcUrl(schema.name()) + OPTIONS));
    }

    private Connection kept(Connection connection) {
        connections.add(connection);
        return connection;
    }

    String name() {
        return schema.name();
    }

    void in(Mode next) throws SQLException {
        if (next != mode) {
            for (Connection connection : connections) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET SESSION sql_mode = '" + next.sqlMode() + "'");
                }
            }
            mode = next;
        }
    }

    Answer ask(String sql) throws SQLException {
        String asked = mode + " " + sql;
        Answer known = answers.get(asked);
        if (known == null) {
            known = answer(sql);
            answers.put(asked, known);
        }
        return known;
    }

    private Answer answer(String sql) throws SQLException {
        int parameters;
        try {
            parameters = prepare(all, sql);
        } catch (SQLException e) {
            return e.getErrorCode() == SYNTAX ? new Answer.NoStatement() : new Answer.NotOfThese(e.getErrorCode());
        }
        Set<String> tables = new TreeSet<>();
        Set<String> changed = new TreeSet<>();
        Set<String> verbs = denied(readsOnly, sql).orElse(Set.of());
        for (Map.Entry<String, Connection> entry : without.entrySet()) {
            if (denied(entry.getValue(), sql).isPresent()) {
                tables.add(entry.getKey());
            }
        }
        if (!verbs.isEmpty()) {
            for (Map.Entry<String, Connection> entry : changing.entrySet()) {
                if (tables.contains(entry.getKey())
                        && denied(entry.getValue(), sql).isEmpty()) {
                    changed.add(entry.getKey());
                }
            }
        }
        return new Answer.Accepted(new Take(parameters, verbs, tables), changed);
    }

    /** How many parameters the driver finds by itself. */
    int driverParameters(String sql) throws SQLException {
        return prepare(driver, sql);
    }

    /** The verbs that this account is denied. */
    private static Optional<Set<String>> denied(Connection connection, String sql) throws SQLException {
        try {
            prepare(connection, sql);
            return Optional.empty();
        } catch (SQLException e) {
            Matcher verbs = VERBS.matcher(String.valueOf(e.getMessage()));
            if (!DENIED.contains(e.getErrorCode())) {
                throw e;
            }
            return Optional.of(
                    verbs.find() ? new TreeSet<>(Arrays.asList(verbs.group(1).split(", ", -1))) : Set.of());
        }
    }

    private static int prepare(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.getParameterMetaData().getParameterCount();
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
        users.forEach(User::close);
        schema.close();
    }
}
