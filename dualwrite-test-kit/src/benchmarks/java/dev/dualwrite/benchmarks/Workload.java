package dev.dualwrite.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What a client does again and again: one row changes, by its key, and is committed. */
enum Workload {
    /** As most applications and frameworks write: autocommit off, the update, the commit, and the connection back. */
    TRANSACTION("Explicit transaction: one prepared update by key, commit") {
        @Override
        void write(DataSource pool, long key) throws SQLException {
            try (Connection connection = pool.getConnection()) {
                connection.setAutoCommit(false);
                update(connection, key);
                connection.commit();
            }
        }
    },

    /** The update alone. */
    AUTOCOMMIT("Autocommit: one prepared update by key") {
        @Override
        void write(DataSource pool, long key) throws SQLException {
            try (Connection connection = pool.getConnection()) {
                update(connection, key);
            }
        }
    };

    private final String title;

    Workload(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Takes a connection, writes, commits, gives the connection back. */
    abstract void write(DataSource pool, long key) throws SQLException;

    /** Adds one to a row, so that the sum over the table counts the commits. */
    static void update(Connection connection, long key) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
            statement.setLong(1, 1);
            statement.setLong(2, key);
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("there is no account " + key);
            }
        }
    }
}
