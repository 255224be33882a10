package dev.dualwrite.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;

/** Histories are drawn within their limits, can be written and read, and shrink to what a mistake needs. No servers. */
class HistoriesProperties {

    @Property(tries = 300)
    void whatIsWrittenIsReadAgain(@ForAll History history) {
        assertThat(History.parse(history.toString())).isEqualTo(history);
    }

    @Property(tries = 300)
    void whatIsDrawnIsSimpleAlready(@ForAll History history) {
        assertThat(history.simplified()).isEqualTo(history);
    }

    @Provide
    Arbitrary<History> narrow() {
        return Histories.any()
                .clients(1)
                .keys(2)
                .steps(5)
                .without(Kind.CRASH, Kind.PAUSE)
                .arbitrary();
    }

    @Property(tries = 300)
    void limitsAreKept(@ForAll("narrow") History history) {
        assertThat(history.steps()).hasSizeLessThanOrEqualTo(5).allSatisfy(step -> {
            assertThat(step.client()).isZero();
            assertThat(step.keys()).allMatch(key -> key < 2);
            assertThat(step.kind()).isNotIn(Kind.CRASH, Kind.PAUSE, Kind.RESUME);
        });
    }

    @Example
    void allKindsAreDrawn() {
        Set<Kind> seen = new HashSet<>();
        RandomGenerator<History> generator = Histories.any().arbitrary().generator(1000);
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            generator.next(random).value().steps().forEach(step -> seen.add(step.kind()));
        }
        assertThat(seen).containsExactlyInAnyOrder(Kind.values());
    }

    @Example
    void whatCanDoNothingIsLeftOut() {
        assertThat(History.parse(
                                "restore; c.commit; c.savepoint; c.begin; c.undo; a.write(1); c.uniqueSwap(2,2); c.write(1);"
                                        + " crash; c.commit; pause; pause; c.begin; c.savepoint; c.undo; c.commit; c.undo")
                        .simplified())
                .hasToString("a.begin; b.write(1); a.write(1); crash; pause; a.begin; a.savepoint; a.undo; a.commit");
    }

    @Example
    void whatIsNoHistoryIsRefusedByName() {
        assertThatThrownBy(() -> History.parse("a.write(1); b.jump"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b.jump' is no step");
        assertThatThrownBy(() -> History.parse("write(1)")).hasMessageContaining("with a client before it: a.write");
        assertThatThrownBy(() -> History.parse("a.flip")).hasMessageContaining("without a client: flip");
        assertThatThrownBy(() -> History.parse("a.changeKey(1)")).hasMessageContaining("CHANGE_KEY names 2 keys");
        assertThatThrownBy(() -> Histories.any().clients(4)).hasMessageContaining("4 clients: allowed are 1 to 3");
        assertThatThrownBy(() -> Histories.any().only(Kind.WRITE).without(Kind.WRITE))
                .hasMessageContaining("no kind of step is left");
    }

    // ---- shrinking, by toys that are wrong ------------------------------------------------------------------

    /** A change in an outage is forgotten by a toy. */
    @Example
    void aWriteInAnOutageShrinksToTwoSteps() {
        assertShrinks(
                history -> {
                    boolean out = false;
                    for (Step step : history.steps()) {
                        out = step.kind() == Kind.OUTAGE || (out && step.kind() != Kind.RESTORE);
                        if (out && step.kind() == Kind.WRITE) {
                            return true;
                        }
                    }
                    return false;
                },
                "outage; a.write(0)");
    }

    /** A toy forgets the keys of a transaction that goes back to a savepoint. */
    @Example
    void anUndoneSavepointShrinksToItsTransaction() {
        assertShrinks(
                history -> {
                    List<String> said = new ArrayList<>();
                    for (Step step : history.steps()) {
                        said.add(step.client() + step.kind().word());
                    }
                    return inOrder(said, "0begin", "0write", "0savepoint", "0undo", "0commit")
                            || inOrder(said, "1begin", "1write", "1savepoint", "1undo", "1commit");
                },
                "a.begin; a.write(0); a.savepoint; a.undo; a.commit");
    }

    /** A toy mixes two swaps of one client up, whatever keys they are of. */
    @Example
    void keysAndClientsShrinkToTheFirst() {
        assertShrinks(
                history -> history.steps().stream()
                                .filter(step -> step.kind() == Kind.UNIQUE_SWAP)
                                .count()
                        > 1,
                "a.uniqueSwap(0,1); a.uniqueSwap(0,1)",
                "a.uniqueSwap(1,0); a.uniqueSwap(0,1)",
                "a.uniqueSwap(0,1); a.uniqueSwap(1,0)",
                "a.uniqueSwap(1,0); a.uniqueSwap(1,0)");
    }

    /** Flips there and back, with a change behind each. */
    @Example
    void flipsThereAndBackShrinkToFourSteps() {
        assertShrinks(
                history -> inOrder(
                        history.steps().stream().map(step -> step.kind().word()).toList(),
                        "flip",
                        "write",
                        "rollbackFlip",
                        "write"),
                "flip; a.write(0); rollbackFlip; a.write(0)");
    }

    private static boolean inOrder(List<String> said, String... wanted) {
        int at = 0;
        for (String one : said) {
            at += at < wanted.length && one.equals(wanted[at]) ? 1 : 0;
        }
        return at == wanted.length;
    }

    /** Looks for failing histories and shrinks each: always one of these has to come out. */
    private static void assertShrinks(Predicate<History> wrong, String... smallest) {
        RandomGenerator<History> generator = Histories.any().arbitrary().generator(1000);
        Random random = new Random(7);
        int found = 0;
        for (int i = 0; i < 100_000 && found < 5; i++) {
            Shrinkable<History> drawn = generator.next(random);
            if (wrong.test(drawn.value())) {
                found++;
                assertThat(shrunk(drawn, wrong).toString())
                        .as("from %s", drawn.value())
                        .isIn((Object[]) smallest);
            }
        }
        assertThat(found).isEqualTo(5);
    }

    /** As jqwik does it, but greedily: the first smaller one that fails too, as long as there is one. */
    private static History shrunk(Shrinkable<History> from, Predicate<History> wrong) {
        Shrinkable<History> now = from;
        Optional<Shrinkable<History>> next = Optional.of(from);
        while (next.isPresent()) {
            now = next.get();
            next = now.shrink().filter(smaller -> wrong.test(smaller.value())).findFirst();
        }
        return now.value();
    }
}
