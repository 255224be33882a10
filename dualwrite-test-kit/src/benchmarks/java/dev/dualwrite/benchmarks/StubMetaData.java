package dev.dualwrite.benchmarks;

import java.sql.DatabaseMetaData;

/** As much as a wrapper asks before it wraps. */
abstract class StubMetaData implements DatabaseMetaData {
    @Override
    public String getURL() {
        return "jdbc:mysql://nowhere/stub";
    }

    @Override
    public String getUserName() {
        return "nobody";
    }
}
