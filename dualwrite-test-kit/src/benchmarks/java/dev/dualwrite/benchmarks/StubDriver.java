package dev.dualwrite.benchmarks;

import dev.dualwrite.Phase;
import java.sql.Connection;
import javax.sql.DataSource;

/**
 * A pool of one connection to nowhere. Its statements do nothing and answer at once, so that what is measured is what
 * stands in front of it; what came through is counted. It is not Connector/J: where the library knows ways with that one
 * which cost less, it goes the other way here.
 */
abstract class StubDriver implements DataSource {
    private final StubConnection connection = Partial.of(StubConnection.class);

    /**
     * @param autoCommit what the pool makes of its connections
     * @param phase that stands in the fence row
     */
    static StubDriver of(boolean autoCommit, Phase phase) {
        StubDriver driver = Partial.of(StubDriver.class);
        driver.connection.begin(autoCommit, phase);
        return driver;
    }

    Calls calls() {
        return connection.calls();
    }

    @Override
    public Connection getConnection() {
        return connection;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
