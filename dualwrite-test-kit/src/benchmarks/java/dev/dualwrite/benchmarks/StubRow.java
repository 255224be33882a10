package dev.dualwrite.benchmarks;

import java.sql.ResultSet;
import java.sql.SQLWarning;
import org.jspecify.annotations.Nullable;

/** An answer of one row. */
abstract class StubRow implements ResultSet {
    private Object[] values = {};
    private boolean ahead;

    void begin(Object... row) {
        values = row.clone();
    }

    StubRow before() {
        ahead = true;
        return this;
    }

    @Override
    public boolean next() {
        boolean there = ahead;
        ahead = false;
        return there;
    }

    @Override
    public String getString(int column) {
        return values[column - 1].toString();
    }

    @Override
    public long getLong(int column) {
        return ((Number) values[column - 1]).longValue();
    }

    @Override
    public int getInt(int column) {
        return ((Number) values[column - 1]).intValue();
    }

    @Override
    public boolean getBoolean(int column) {
        return (Boolean) values[column - 1];
    }

    @Override
    public void close() {
        // it is there for the next one
    }

    @Override
    public boolean isClosed() {
        return false;
    }

    @Override
    public @Nullable SQLWarning getWarnings() {
        return null;
    }
}
