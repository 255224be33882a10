package dev.dualwrite.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each kind of step does what it says, on two servers. Ends with the oracle, which the runner asks. */
class HistoryIT {
    private final HistoryRunner runner = HistoryRunner.isolated();

    @Test
    void clientsAreToldWhatTheyDid() {
        assertThat(outcomes("a.write(0); a.write(3); a.delete(1); a.delete(1); a.changeKey(3,1); a.changeKey(0,1);"
                        + " a.uniqueSwap(0,1); a.batch(0,3); b.begin; b.savepoint; b.write(0); b.savepoint; b.write(3);"
                        + " b.undo; b.commit; b.begin; b.delete(0); b.rollback; b.write(0); a.commit"))
                .containsExactly(
                        "COMMITTED",
                        "COMMITTED",
                        "COMMITTED",
                        "-",
                        "COMMITTED",
                        "-",
                        "COMMITTED",
                        "COMMITTED",
                        "done",
                        "-",
                        "done",
                        "done",
                        "done",
                        "done",
                        "COMMITTED",
                        "done",
                        "done",
                        "ROLLED_BACK",
                        "COMMITTED",
                        "-");
    }

    private List<String> outcomes(String text) {
        return runner.run(History.parse(text)).stream().map(Happened::outcome).toList();
    }

    @Test
    void theOperatorMovesOwnershipThereAndBack() {
        assertThat(
                        outcomes(
                                "a.write(1); rollbackFlip; flip; flip; a.write(2); rollbackFlip; a.delete(2); converge; verify"))
                .satisfies(came -> assertThat(came.get(1)).isEqualTo("-"))
                .satisfies(came -> assertThat(came.get(2)).startsWith("flipped"))
                .satisfies(came -> assertThat(came.get(3)).isEqualTo("-"))
                .satisfies(came -> assertThat(came.get(5)).startsWith("flipped"))
                .endsWith("COMMITTED", "done", "equal");
    }

    @Test
    void aFlipWithoutTheFollowerGivesUpInBothDirections() {
        assertThat(outcomes("giveUp; a.write(1); flip; giveUp; a.write(2)"))
                .satisfies(came -> assertThat(came.get(0)).isEqualTo("GaveUp"))
                .satisfies(came -> assertThat(came.get(3)).isEqualTo("GaveUp"));
    }

    @Test
    void aFlipDoesNotPassATransactionThatIsOpen() {
        assertThat(outcomes("verify; a.begin; a.write(1); verify; flip; a.write(0); a.commit"))
                .containsExactly("equal", "done", "done", "-", "GaveUp", "done", "COMMITTED");
    }

    @Test
    void inAnOutageTheClientsGoOnAndNothingFlips() {
        assertThat(outcomes(
                        "backfill; outage; a.write(1); converge; verify; flip; a.delete(0); restore; flip; a.write(0)"))
                .satisfies(came -> assertThat(came.get(5)).isIn("Refused", "GaveUp"))
                .satisfies(came -> assertThat(came.get(8)).startsWith("flipped"));
    }

    @Test
    void inAPauseTheClientsGoOn() {
        assertThat(outcomes("a.write(1); pause; a.write(0); a.begin; a.batch(0,3); a.commit; resume; converge"))
                .containsExactly("COMMITTED", "done", "COMMITTED", "done", "done", "COMMITTED", "done", "done");
    }

    @Test
    void aCrashUndoesWhatIsOpenAndALostAnswerStaysUnknown() {
        assertThat(outcomes("a.begin; a.write(1); crash; a.write(1); b.begin; b.write(0); b.answerLost; b.write(0);"
                        + " a.begin; a.write(2); a.commitLost; a.write(2)"))
                .satisfies(came -> assertThat(came.get(3)).isEqualTo("COMMITTED"))
                .satisfies(came -> assertThat(came.get(6)).startsWith("UNKNOWN"))
                .satisfies(came -> assertThat(came.get(7)).isEqualTo("-"))
                .satisfies(came -> assertThat(came.get(10)).startsWith("UNKNOWN"));
    }
}
