package dev.dualwrite.campaign;

import dev.dualwrite.jdbc.DualWriteBuilder;
import java.time.Duration;

/** How an instance is configured, and how many clients it has. */
record Options(
        int clients, int pauseMillis, int workers, int chunkRows, int syncMillis, int budgetMillis, boolean rewrite) {

    static Options draw(Draw draw) {
        return new Options(
                draw.between(1, 3),
                draw.between(4, 16),
                draw.between(1, 3),
                draw.of(10, 20, 50, 1_000),
                draw.chance(40) ? draw.of(1, 20, 200) : 0,
                draw.of(400, 1_000, 1_000, 3_000),
                draw.chance(50));
    }

    DualWriteBuilder on(DualWriteBuilder builder) {
        builder.workers(workers)
                .chunkRows(chunkRows)
                .flipBudget(Duration.ofMillis(budgetMillis))
                .heartbeatTimeout(Duration.ofSeconds(2));
        return syncMillis == 0 ? builder.async() : builder.sync(Duration.ofMillis(syncMillis));
    }
}
