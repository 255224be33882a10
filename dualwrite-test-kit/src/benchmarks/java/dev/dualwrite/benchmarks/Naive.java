package dev.dualwrite.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Side;

/**
 * The application writes twice: it commits on the source, then does the same on the target. Whatever fails in between
 * leaves them different for ever, and so do two clients that come in another order on the other side.
 */
record Naive(Databases databases) implements Contender {
    @Override
    public String name() {
        return "naive dual writing";
    }

    @Override
    public boolean writesBoth() {
        return true;
    }

    @Override
    public Running open(int clients) {
        HikariDataSource source = databases.pool(Side.SOURCE, clients);
        HikariDataSource target = databases.pool(Side.TARGET, clients);
        return new Running() {
            @Override
            public Client client(Workload workload) {
                return key -> {
                    workload.write(source, key);
                    workload.write(target, key);
                };
            }

            @Override
            public void close() {
                source.close();
                target.close();
            }
        };
    }
}
