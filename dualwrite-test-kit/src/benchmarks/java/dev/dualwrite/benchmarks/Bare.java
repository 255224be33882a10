package dev.dualwrite.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;

/** The application as it was: a pool on the source. */
record Bare(Databases databases) implements Contender {
    @Override
    public String name() {
        return "bare";
    }

    @Override
    public boolean writesBoth() {
        return false;
    }

    @Override
    public Running open(int clients) {
        HikariDataSource pool = databases.pool(Side.SOURCE, clients);
        return new Running() {
            @Override
            public Client client(Workload workload) {
                return key -> workload.write(pool, key);
            }

            @Override
            public void close() {
                pool.close();
            }
        };
    }
}
