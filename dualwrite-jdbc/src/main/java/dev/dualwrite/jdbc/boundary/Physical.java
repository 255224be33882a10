package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.jdbc.schema.SideSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of one side's pool while a logical connection holds it. */
final class Physical {
    private static final Logger LOG = LoggerFactory.getLogger(Physical.class);

    private final Side side;
    private final Connection connection;
    private final SideSchema schema;
    private final Transactions transactions;
    private @Nullable SessionFacts facts;
    private boolean readsRows;

    Physical(Side side, Connection connection, SideSchema schema, SessionFacts facts) throws SQLException {
        this.side = side;
        this.connection = connection;
        this.schema = schema;
        this.facts = facts;
        this.transactions = new Transactions(connection);
        this.readsRows = transactions.readsRows();
    }

    Side side() {
        return side;
    }

    Connection connection() {
        return connection;
    }

    /** An abort goes past the pool, which hears of it by a call that fails; else it would hand the connection out again. */
    void tellPool() {
        try (Statement dead = connection.createStatement()) {
            LOG.debug("an aborted connection still makes statements: {}", dead);
        } catch (SQLException e) {
            LOG.debug("the pool has heard of an abort", e);
        }
    }

    /** From now on a result may be read row by row. */
    void readRows() {
        readsRows = true;
    }

    boolean readsRows() {
        return readsRows;
    }

    /**
     * To be asked before anything is sent, so that what the driver refuses leaves everything as it was.
     *
     * @throws SQLException the driver's own, if a result is read row by row
     */
    void checkFree() throws SQLException {
        if (readsRows) {
            Driver.checkFree(connection);
        }
    }

    Transactions transactions() {
        return transactions;
    }

    SideSchema schema() {
        return schema;
    }

    /** What holds in the session now; asked again after the application changed the session by SQL. */
    SessionFacts facts() throws SQLException {
        SessionFacts known = facts;
        if (known == null) {
            known = SessionFacts.read(connection);
            facts = known;
        }
        return known;
    }

    /** Whether the session cuts texts as it does by default; false if that would have to be asked. */
    boolean plainMode() {
        SessionFacts known = facts;
        return known != null && !known.ansiQuotes() && !known.noBackslashEscapes();
    }

    void isolation(int level) {
        if (facts != null) {
            facts = facts.withIsolation(level);
        }
    }

    void forgetFacts() {
        facts = null;
    }
}
