package dev.dualwrite.jdbc.boundary;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the application set on its connection through the API, in its order, to be set on each physical one. */
final class SessionSettings {
    /** Sets one thing. */
    interface Setting {
        void apply(Connection connection) throws SQLException;
    }

    private final Map<String, Setting> settings = new LinkedHashMap<>();

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
    }
}
