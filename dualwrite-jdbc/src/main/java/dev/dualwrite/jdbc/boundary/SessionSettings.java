package dev.dualwrite.jdbc.boundary;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** What the application set on its connection, by the API or by SQL, in its order, to be set on each physical one. */
final class SessionSettings {
    /** Sets one thing. */
    interface Setting {
        void apply(Connection connection) throws SQLException;
    }

    /** More variables than this are not kept. */
    private static final int VARIABLES = 200;

    // most connections have none: these are not to be changed while they are empty; looking through one of Map.of()
    // costs more

    private Map<String, Setting> settings = Collections.emptyMap();
    private Map<String, Setting> variables = Collections.emptyMap();
    private boolean movable = true;

    void keep(String name, Setting setting) {
        settings = changeable(settings);
        settings.put(name, setting);
    }

    void drop(String name) {
        settings = changeable(settings);
        settings.remove(name);
    }

    private static Map<String, Setting> changeable(Map<String, Setting> some) {
        return some.isEmpty() ? new LinkedHashMap<>() : some;
    }

    /** Keeps a {@code SET} that has run, behind all that have run before. */
    void keep(SetText text, Parameters parameters) {
        variables = changeable(variables);
        variables.remove(text.variable());
        variables.put(text.variable(), connection -> repeat(connection, text.sql(), parameters));
        movable &= text.repeatable() && variables.size() <= VARIABLES;
        if (!movable) {
            variables.clear();
        }
    }

    private static void repeat(Connection connection, String sql, Parameters parameters) throws SQLException {
        int count = parameters.slots().size();
        if (count == 0) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            parameters.bind(statement, IntStream.rangeClosed(1, count).boxed().toList());
            statement.execute();
        }
    }

    /** Whether another session can be made like the one that the application has set up. */
    boolean movable() {
        return movable;
    }

    /** @throws SQLException DW-3008 if another session could not be made like the one that the application has set up */
    void checkMovable() throws SQLException {
        if (!movable) {
            throw new SQLException(
                    "DW-3008 the connection has to move to another session, where what a SET computed from other variables"
                            + " or rows (or more than " + VARIABLES
                            + " variables) cannot be set again. Nothing was stored: close the connection and take a new"
                            + " one.",
                    "08003");
        }
    }

    /** Whether SQL has set anything. */
    boolean hasTexts() {
        return !variables.isEmpty();
    }

    void applyTo(Connection connection) throws SQLException {
        for (Setting setting : settings.values()) {
            setting.apply(connection);
        }
        for (Setting setting : variables.values()) {
            setting.apply(connection);
        }
    }
}
