package dev.dualwrite.testkit.history;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.fault.Moment;
import dev.dualwrite.testkit.fault.Statement;
import dev.dualwrite.testkit.rehearsal.Passage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One history, while it is done. For one thread. */
final class Performance {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DualWriteHarness kit;
    private final DualWrite dualWrite;
    private final Passage passage;
    private final List<HistoryClient> clients = new ArrayList<>();
    private @Nullable Database out;
    private boolean paused;

    Performance(DualWriteHarness kit, int clients) {
        this.kit = kit;
        this.dualWrite = kit.dualWrite();
        this.passage = new Passage(dualWrite);
        for (int i = 0; i < clients; i++) {
            this.clients.add(new HistoryClient(i, kit.dataSource(), kit.log()));
        }
    }

    /** From here on changes are captured; nothing is copied yet. */
    void begin() {
        passage.enter(Phase.DUAL_WRITE);
    }

    /** What came of it, in words. */
    String perform(Step step) throws SQLException {
        HistoryClient client = clients.get(step.client());
        return switch (step.kind()) {
            case WRITE, DELETE, CHANGE_KEY, UNIQUE_SWAP, BATCH -> client.change(step);
            case BEGIN -> client.begin();
            case COMMIT -> client.commit();
            case ROLLBACK -> client.rollback();
            case SAVEPOINT -> client.savepoint();
            case UNDO -> client.undo();
            case COMMIT_LOST -> commit(client, Moment.BEFORE);
            case ANSWER_LOST -> commit(client, Moment.AFTER);
            case CONVERGE -> disturbed() ? HistoryClient.NOTHING : converge();
            case BACKFILL -> disturbed() ? HistoryClient.NOTHING : copy();
            case VERIFY -> disturbed() || writing() ? HistoryClient.NOTHING : verify();
            case FLIP -> flip(Side.SOURCE);
            case ROLLBACK_FLIP -> flip(Side.TARGET);
            case GIVE_UP -> disturbed() || writing() ? HistoryClient.NOTHING : giveUp();
            case OUTAGE -> outage();
            case RESTORE -> restore();
            case PAUSE -> pause();
            case RESUME -> resume();
            case CRASH -> crash();
        };
    }

    private boolean disturbed() {
        return out != null || paused;
    }

    /** Whether a client holds the fence: who needs it waits. */
    private boolean writing() {
        return clients.stream().anyMatch(HistoryClient::writing);
    }

    private String commit(HistoryClient client, Moment moment) {
        try (Cut cut = kit.owner().applicationNetwork().cutNextCommit(moment)) {
            return client.commit() + (cut.hits() > 0 ? "" : ", and no commit was sent");
        }
    }

    private String converge() {
        kit.awaitConverged(PATIENCE);
        return "done";
    }

    /** What a crash has broken is mended by the library within moments. */
    private void calm() {
        Phase to = dualWrite.ownership().phase().flipsTo().orElseThrow();
        Eventually.within(PATIENCE)
                .until(
                        "both sides answer",
                        () -> dualWrite.gate(to).failed().stream()
                                .noneMatch(check -> check.name().equals("both-reachable")));
    }

    private String copy() {
        calm();
        if (dualWrite.ownership().phase() != Phase.DUAL_WRITE) {
            return HistoryClient.NOTHING;
        }
        DualWrite.BackfillReport report = dualWrite.backfill();
        if (!report.complete()) {
            throw new AssertionError("STUCK: the backfill is not complete: " + report);
        }
        return report.rows() + " rows";
    }

    private String verify() {
        copy();
        passage.verify();
        return "equal";
    }

    private String flip(Side from) {
        if (paused || dualWrite.ownership().owner() != from) {
            return HistoryClient.NOTHING;
        }
        if (out != null || writing()) {
            return failing(
                    from == Side.SOURCE ? dualWrite.flip() : dualWrite.rollBack(),
                    out == null ? "while a transaction is open" : "while the follower is out of reach");
        }
        copy();
        return "flipped in " + passage.flip().stall().toMillis() + " ms";
    }

    private static String failing(FlipOutcome outcome, String when) {
        if (outcome instanceof FlipOutcome.Flipped) {
            throw new AssertionError("CONTRADICTION: flipped " + when + ": " + outcome);
        }
        return outcome.getClass().getSimpleName();
    }

    private String giveUp() {
        copy();
        try (Cut cut = kit.follower()
                .libraryNetwork()
                .cutNext(Moment.BEFORE, Statement.contains("SET state = 'OPEN', phase"))) {
            FlipOutcome outcome = passage.attempt();
            return cut.hits() == 0 ? outcome.getClass().getSimpleName() : failing(outcome, "without the follower");
        }
    }

    private String outage() {
        if (out != null) {
            return HistoryClient.NOTHING;
        }
        Database follower = kit.follower();
        out = follower;
        follower.down();
        return follower == kit.source() ? "of the source" : "of the target";
    }

    private String restore() {
        if (out == null) {
            return HistoryClient.NOTHING;
        }
        out.restore();
        out = null;
        if (paused) {
            stand();
        }
        return "done";
    }

    private String pause() {
        if (paused) {
            return HistoryClient.NOTHING;
        }
        paused = true;
        stand();
        return "done";
    }

    private void stand() {
        kit.source().libraryNetwork().stall();
        kit.target().libraryNetwork().stall();
    }

    private String resume() {
        if (!paused) {
            return HistoryClient.NOTHING;
        }
        paused = false;
        kit.source().libraryNetwork().pass();
        kit.target().libraryNetwork().pass();
        if (out != null) {
            out.down();
        }
        return "done";
    }

    /** The server undoes what was open; no commit was sent. */
    private String crash() {
        kit.source().cut();
        kit.target().cut();
        clients.forEach(HistoryClient::rollback);
        return "done";
    }

    /** All is well again, and now it has to show. */
    void conclude() throws SQLException {
        resume();
        restore();
        clients.forEach(HistoryClient::rollback);
        copy();
        kit.oracle().assertHolds();
        passage.verify();
    }
}
