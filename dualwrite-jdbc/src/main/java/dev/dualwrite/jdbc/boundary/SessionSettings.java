package dev.dualwrite.jdbc.boundary;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** What the application set on its connection, by the API or by SQL, in its order, to be set on each physical one. */
final class SessionSettings {
    /** Sets one thing. */
    interface Setting {
        void apply(Connection connection) throws SQLException;
    }

    /** More texts than this are not a session's settings; the oldest is taken for overwritten. */
    private static final int TEXTS = 200;

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final LinkedHashMap<String, Setting> texts = new LinkedHashMap<>();

    /**
     * Keeps a {@code SET} that has run.
     *
     * @param repeatable whether it sets the same when it is run again elsewhere
     */
    void keepText(String sql, Parameters parameters, boolean repeatable) {
        texts.remove(sql); // so that it stands behind what was set since
        texts.put(sql, repeatable ? connection -> repeat(connection, sql, parameters) : SessionSettings::lost);
        if (texts.size() > TEXTS) {
            texts.remove(texts.keySet().iterator().next());
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

    private static void lost(Connection connection) throws SQLException {
        throw new SQLException(
                "DW-3008 the connection has to move to the other side, where what a SET computed from other variables or"
                        + " rows cannot be set again. Nothing was stored: close the connection and take a new one.",
                "08003");
    }

    /** Whether SQL has set anything. */
    boolean hasTexts() {
        return !texts.isEmpty();
    }

    void keep(String name, Setting setting) {
        settings.put(name, setting);
    }

    void drop(String name) {
        settings.remove(name);
    }

    void applyTo(Connection connection) throws SQLException {
        for (Setting setting : settings.values()) {
            setting.apply(connection);
        }
        for (Setting setting : texts.values()) {
            setting.apply(connection);
        }
    }
}
