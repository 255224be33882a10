package dev.dualwrite.testkit.history;

import dev.dualwrite.Phase;
import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.DualWriteSetup;
import dev.dualwrite.testkit.HarnessBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Does histories, each in two new schemas of the servers that all tests of this JVM share, and lets the oracle judge. Safe for
 * use by any number of threads.
 *
 * <p>The steps are done one after the other, by one thread; a client's transaction stays open from one of its steps to the
 * next, so their order is that of the history. Each client has a table of its own, with a unique column and two rows that are
 * there before the migration; it is in {@code DUAL_WRITE} when the first step comes, and nothing is copied. The library's own
 * threads run freely beside: what needs one order of theirs is not found in each try.
 *
 * <p>There is one instance of the library, in this JVM, and it stays the same object. {@link Kind#CRASH} breaks all its
 * connections and those of the clients: the servers see what they see when a process dies, but what it had in memory it still
 * has. {@link Kind#PAUSE} keeps back all that the library's threads send and receive: the servers see a process that stands, with
 * its locks, while the clients go on. An instance that is really killed or stopped is {@link
 * dev.dualwrite.testkit.fault.ChildJvm}'s.
 *
 * <p>In an outage or a pause the operator does not copy, verify or wait, and while a client's transaction has changed something
 * he does not verify. A flip is tried all the same, but in a pause; in an outage or such a transaction it has to fail, and may
 * take the flip budget for it. At the end the network is well, what is
 * open is undone, the rest is copied, and then the oracle has to hold and a verification has to find nothing.
 */
public final class HistoryRunner {
    private final DualWriteSetup setup;

    private HistoryRunner(DualWriteSetup setup) {
        this.setup = setup;
    }

    /** For the library as it is configured by default. */
    public static HistoryRunner isolated() {
        return new HistoryRunner(new DualWriteSetup() {});
    }

    /** As the host configures it; its {@link DualWriteSetup#prepare} may make tables beside. */
    public HistoryRunner setup(DualWriteSetup more) {
        return new HistoryRunner(more);
    }

    /**
     * Does it.
     *
     * @return what came of each step
     * @throws AssertionError if something does not hold, with the history as it can be parsed, and what came of its steps
     */
    public List<Happened> run(History history) {
        HarnessBuilder builder =
                DualWriteHarness.isolated().phase(Phase.SOURCE_ONLY).setup(setup);
        for (int client = 0; client < history.clients(); client++) {
            builder.schema(HistoryTable.of(client).ddl());
            builder.sourceRows(HistoryTable.of(client).rowsBefore());
        }
        List<Happened> happened = new ArrayList<>();
        try (DualWriteHarness kit = builder.start()) {
            Performance performance = new Performance(kit, history.clients());
            performance.begin();
            for (Step step : history.steps()) {
                happened.add(new Happened(step, "broke")); // stays if it throws
                happened.set(happened.size() - 1, new Happened(step, performance.perform(step)));
            }
            performance.conclude();
            return happened;
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\nhistory: " + history + "\nagain: HistoryRunner.isolated().run(History.parse(\""
                            + history + "\"))\n  "
                            + happened.stream().map(Happened::toString).collect(Collectors.joining("\n  ")),
                    e);
        }
    }
}
