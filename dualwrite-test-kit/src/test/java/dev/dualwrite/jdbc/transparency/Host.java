package dev.dualwrite.jdbc.transparency;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An application: a connection and what it has opened on it, by name. */
final class Host implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{3,8}\\b");

    private final DataSource dataSource;
    private final List<String> schemas;
    private final Map<String, Object> things = new HashMap<>();
    private @Nullable Connection connection;

    /** @param schemas whose names are not to make a difference */
    Host(DataSource dataSource, List<String> schemas) {
        this.dataSource = dataSource;
        this.schemas = schemas;
    }

    /** There is none of that name, because the call that would have made it failed. */
    static final class NothingThere extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NothingThere(String name) {
            super(name, null, false, false);
        }
    }

    void open() throws SQLException {
        connection = dataSource.getConnection();
    }

    Connection connection() {
        Connection open = connection;
        if (open == null) {
            throw new NothingThere("c");
        }
        return open;
    }

    <T> T keep(String name, T thing) {
        things.put(name, Objects.requireNonNullElse(thing, "null"));
        return thing;
    }

    void forget(String name) {
        things.remove(name);
    }

    private <T> T get(String name, Class<T> type) {
        Object thing = things.get(name);
        if (!type.isInstance(thing)) {
            throw new NothingThere(name);
        }
        return type.cast(thing);
    }

    Statement statement(String name) {
        return get(name, Statement.class);
    }

    PreparedStatement prepared(String name) {
        return get(name, PreparedStatement.class);
    }

    ResultSet rows(String name) {
        return get(name, ResultSet.class);
    }

    Savepoint savepoint(String name) {
        return get(name, Savepoint.class);
    }

    /** A text without the names that are this application's own. */
    String plain(String text) {
        String plain = text;
        for (String schema : schemas) {
            plain = plain.replace(schema, "SCHEMA");
        }
        for (Map.Entry<String, Object> thing : things.entrySet()) {
            if (thing.getValue() instanceof Savepoint savepoint) {
                try {
                    plain = plain.replace(savepoint.getSavepointName(), "(" + thing.getKey() + ")");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return IDENTITY.matcher(plain).replaceAll("@");
    }

    /** Whatever the script has left open. Of what was done by executeLarge… only, Hikari knows nothing. */
    @Override
    public void close() {
        Connection open = connection;
        if (open != null) {
            attempt(() -> {
                if (!open.isClosed() && !open.getAutoCommit()) {
                    open.rollback();
                }
            });
            attempt(open::close);
        }
    }

    private interface Last {
        void run() throws SQLException;
    }

    private static void attempt(Last last) {
        try {
            last.run();
        } catch (SQLException e) {
            LOG.debug("the connection was broken", e);
        }
    }
}
