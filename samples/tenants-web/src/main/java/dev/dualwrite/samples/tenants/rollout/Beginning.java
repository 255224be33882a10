package dev.dualwrite.samples.tenants.rollout;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What is there before the service starts: some tenants, each with some plans. */
record Beginning(int tenants) {
    static final int PLANS = 4;
    private static final int TOGETHER = 500;

    List<String> names() {
        return IntStream.range(0, tenants).mapToObj(Beginning::name).toList();
    }

    private static String name(int tenant) {
        return String.format(Locale.ROOT, "tenant-%05d", tenant);
    }

    /** The ids of the plans of the n-th tenant. */
    static List<Long> plans(int tenant) {
        return LongStream.rangeClosed(1, PLANS)
                .mapToObj(plan -> (long) tenant * PLANS + plan)
                .toList();
    }

    static int cents(long plan) {
        return (int) (1_000 + plan % 97);
    }

    void write(Connection source) throws SQLException {
        source.setAutoCommit(false);
        try (PreparedStatement plans = source.prepareStatement(
                        "INSERT INTO plan (id, tenant, name, cents, version) VALUES (?, ?, ?, ?, 1)");
                PreparedStatement prices =
                        source.prepareStatement("INSERT INTO price (plan_id, version, cents) VALUES (?, 1, ?)")) {
            for (int tenant = 0; tenant < tenants; tenant++) {
                for (long plan : plans(tenant)) {
                    plans.setLong(1, plan);
                    plans.setString(2, name(tenant));
                    plans.setString(3, "plan " + plan % PLANS);
                    plans.setInt(4, cents(plan));
                    plans.addBatch();
                    prices.setLong(1, plan);
                    prices.setInt(2, cents(plan));
                    prices.addBatch();
                }
                if (tenant % TOGETHER == 0 || tenant == tenants - 1) {
                    plans.executeBatch();
                    prices.executeBatch();
                }
            }
        }
        source.commit();
    }
}
