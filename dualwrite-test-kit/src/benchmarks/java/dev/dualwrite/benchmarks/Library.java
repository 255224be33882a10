package dev.dualwrite.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.DualWriteBuilder;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * This library, in one phase and mode, with its defaults otherwise. The phase stands in the databases, so it is entered
 * once, with backfill and verification, and found again whenever the contender is opened.
 *
 * @param name as it stands in the report
 * @param databases of its own
 * @param phase in which it is measured
 * @param mode async or sync
 */
record Library(String name, Databases databases, Phase phase, UnaryOperator<DualWriteBuilder> mode)
        implements Contender {
    /** Far more than a commit waits: with the default of 50 ms a SYNC commit under load would not wait to the end. */
    private static final Duration APPLY_BUDGET = Duration.ofSeconds(5);

    static Library sourceOnly(Databases databases) {
        return new Library("dualwrite SOURCE_ONLY", databases, Phase.SOURCE_ONLY, UnaryOperator.identity());
    }

    /** The move is over: the target owns, and nothing is captured any more. */
    static Library targetOnly(Databases databases) {
        Library library = new Library("dualwrite TARGET_ONLY", databases, Phase.TARGET_ONLY, UnaryOperator.identity());
        prepare(library, Phase.DUAL_WRITE);
        try (HikariDataSource source = databases.pool(Side.SOURCE, 1);
                HikariDataSource target = databases.pool(Side.TARGET, 1);
                DualWrite dualWrite = library.build(source, target)) {
            FlipOutcome flip = dualWrite.flip();
            if (!(flip instanceof FlipOutcome.Flipped)) {
                throw new IllegalStateException("could not flip: " + flip);
            }
            enter(dualWrite, Phase.TARGET_ONLY);
        }
        return library;
    }

    static Library async(Databases databases) {
        return prepared(
                new Library("dualwrite DUAL_WRITE async", databases, Phase.DUAL_WRITE, DualWriteBuilder::async));
    }

    static Library sync(Databases databases) {
        return prepared(new Library(
                "dualwrite DUAL_WRITE sync", databases, Phase.DUAL_WRITE, builder -> builder.sync(APPLY_BUDGET)));
    }

    private static Library prepared(Library library) {
        prepare(library, library.phase);
        return library;
    }

    /** Enters a phase of the source, and brings the target to where it is. */
    private static void prepare(Library library, Phase phase) {
        try (HikariDataSource source = library.databases.pool(Side.SOURCE, 1);
                HikariDataSource target = library.databases.pool(Side.TARGET, 1);
                DualWrite dualWrite = library.build(source, target)) {
            enter(dualWrite, phase);
            DualWrite.BackfillReport backfill = dualWrite.backfill();
            if (!backfill.complete()) {
                throw new IllegalStateException("the backfill is not complete: " + backfill);
            }
            DualWrite.VerificationReport verification = dualWrite.verify();
            if (!verification.equal()) {
                throw new IllegalStateException("not equal: " + verification);
            }
        }
    }

    private static void enter(DualWrite dualWrite, Phase phase) {
        PhaseOutcome outcome = dualWrite.enter(phase);
        if (!(outcome instanceof PhaseOutcome.Entered)) {
            throw new IllegalStateException("could not enter " + phase + ": " + outcome);
        }
    }

    private DualWrite build(HikariDataSource source, HikariDataSource target) {
        return mode.apply(DualWrite.named("benchmark")
                        .source(source)
                        .target(target)
                        .tables("account"))
                .build();
    }

    @Override
    public boolean writesBoth() {
        return phase == Phase.DUAL_WRITE;
    }

    @Override
    public Running open(int clients) {
        HikariDataSource source = databases.pool(Side.SOURCE, clients);
        HikariDataSource target = databases.pool(Side.TARGET, phase == Phase.TARGET_ONLY ? clients : 1);
        DualWrite dualWrite = build(source, target);
        if (dualWrite.ownership().phase() != phase) {
            throw new IllegalStateException("not in " + phase + ": " + dualWrite.ownership());
        }
        return new Running() {
            @Override
            public Client client(Workload workload) {
                return key -> workload.write(dualWrite.dataSource(), key);
            }

            @Override
            public long queued() {
                return dualWrite.status().queued();
            }

            @Override
            public Duration lag() {
                return dualWrite.status().lag();
            }

            @Override
            public void close() {
                dualWrite.close();
                source.close();
                target.close();
            }
        };
    }
}
