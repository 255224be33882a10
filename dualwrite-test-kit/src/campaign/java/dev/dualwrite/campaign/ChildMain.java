package dev.dualwrite.campaign;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.DualWrite;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * An instance in a process of its own, for one run after another. Reads commands, a line each, and answers with lines
 * that begin with {@code EVENT}; see {@link Child}.
 */
final class ChildMain {
    private @Nullable Instance instance;
    private @Nullable Journal journal;
    private volatile CountDownLatch go = new CountDownLatch(1);

    private ChildMain() {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ChildMain child = new ChildMain();
        say("STARTED");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "run" -> child.run(words);
                case "stop-at" -> child.seats().arm(words[1], Integer.parseInt(words[2]), () -> child.stand(words[1]));
                case "halt-at" ->
                    child.seats()
                            .arm(
                                    words[1],
                                    Integer.parseInt(words[2]),
                                    () -> Runtime.getRuntime().halt(86));
                case "go" -> child.go.countDown();
                case "clock" -> say("CLOCK " + System.nanoTime());
                case "move" -> inBackground(() -> say(move(child.instance().dualWrite())));
                case "enter" ->
                    inBackground(
                            () -> say("MOVED SOURCE " + enter(child.instance().dualWrite())));
                case "end-clients" -> // one of them may stand at a seam, until a "go" is read here
                    inBackground(() -> {
                        child.instance().endClients();
                        say("CLIENTS-ENDED");
                    });
                case "end" -> child.end();
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private static void say(String what) {
        System.out.println("EVENT " + what.replaceAll("\\s+", " "));
    }

    private static void inBackground(Runnable what) {
        Thread thread = new Thread(
                () -> {
                    try {
                        what.run();
                    } catch (RuntimeException e) {
                        say("MOVED SOURCE Failed " + e);
                    }
                },
                "campaign-move");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(String[] words) throws Exception {
        Plan plan = Plan.of(Long.parseLong(words[1]));
        go = new CountDownLatch(1);
        journal = new Journal(Path.of(words[5]));
        try {
            instance = new Instance(
                    plan,
                    new Instance.Where(words[2], words[3], words[4]),
                    "child",
                    "c",
                    plan.child(),
                    Run.FIRST_OF_CHILD,
                    journal,
                    new Progress(),
                    new Shelf(),
                    new ArrayList<>());
            instance.startClients();
            say("READY");
        } catch (RuntimeException e) {
            say("FAILED " + e);
        }
    }

    private Instance instance() {
        if (instance == null) {
            throw new IllegalStateException("no run has begun");
        }
        return instance;
    }

    private Seats seats() {
        return instance().seats();
    }

    private void stand(String seam) {
        say("AT " + seam);
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() throws Exception {
        go.countDown();
        instance().close();
        instance = null;
        if (journal != null) {
            journal.close();
        }
        say("ENDED");
    }

    private static String move(DualWrite dualWrite) {
        Side to = dualWrite.ownership().owner().other();
        return "MOVED " + to + ' ' + move(dualWrite, to);
    }

    /** Moves ownership to a side; what came of it. */
    static FlipOutcome move(DualWrite dualWrite, Side to) {
        return to == Side.TARGET ? dualWrite.flip() : dualWrite.rollBack();
    }

    private static PhaseOutcome enter(DualWrite dualWrite) {
        return dualWrite.enter(Phase.DUAL_WRITE);
    }
}
