package dev.dualwrite.campaign;

import dev.dualwrite.testkit.fault.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The campaign's end of a child: sends commands, and sorts what it says. Safe for several threads. */
final class Child implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final Duration START = Duration.ofSeconds(60);

    private final ChildJvm jvm;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> moves = new LinkedBlockingQueue<>();
    private final Thread reader;
    private volatile Consumer<String> stands = seam -> {};
    private volatile Runnable dies = () -> {};
    private volatile boolean gone;
    private int runs;

    private Child(ChildJvm jvm) {
        this.jvm = jvm;
        this.reader = new Thread(this::read, "child-reader-" + jvm.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static Child start() throws IOException {
        return new Child(ChildJvm.of(ChildMain.class)
                .jvmOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m")
                .property("org.slf4j.simpleLogger.defaultLogLevel", "off")
                .start());
    }

    private void read() {
        try {
            while (true) {
                String said = jvm.awaitLine("EVENT ", LONG);
                if (said.startsWith("AT ")) {
                    stands.accept(said.substring(3));
                } else if (said.startsWith("MOVED ")) {
                    moves.add(said.substring(6));
                } else {
                    answers.add(said);
                }
            }
        } catch (AssertionError ended) {
            gone = true;
            dies.run();
            answers.add("GONE");
            moves.add("GONE");
        }
    }

    /** Its instance joins a run; returns when its clients work. */
    void begin(Plan plan, Instance.Where where, Path journal) throws IOException, InterruptedException {
        await("STARTED");
        runs++;
        moves.clear();
        jvm.send("run " + plan.seed() + ' ' + where.migration() + ' ' + where.source() + ' ' + where.target() + ' '
                + journal);
        await("READY");
    }

    /** Its clients have ended and been answered; false, if the child is dead. */
    boolean endClients() throws IOException, InterruptedException {
        return command("end-clients", "CLIENTS-ENDED");
    }

    /** Leaves the run, ready for another; false, if the child is dead. */
    boolean end() throws IOException, InterruptedException {
        stands = seam -> {};
        dies = () -> {};
        return command("end", "ENDED") && answers.add("STARTED");
    }

    /** Whether it reads the same clock as this process. */
    boolean readsTheSameClock() throws IOException, InterruptedException {
        long before = System.nanoTime();
        jvm.send("clock");
        String said = answers.poll(START.toSeconds(), TimeUnit.SECONDS);
        long after = System.nanoTime();
        if (said == null || !said.startsWith("CLOCK ")) {
            throw new AssertionError("the child said " + said + ", not its time. " + jvm.output());
        }
        long its = Long.parseLong(said.substring(6));
        return its - before >= 0 && after - its >= 0;
    }

    private boolean command(String command, String answer) throws IOException, InterruptedException {
        if (gone) {
            return false;
        }
        try {
            jvm.send(command);
        } catch (IOException dead) {
            return false;
        }
        return await(answer);
    }

    private boolean await(String wanted) throws InterruptedException {
        String said = answers.poll(START.toSeconds(), TimeUnit.SECONDS);
        if (wanted.equals(said)) {
            return true;
        }
        if ("GONE".equals(said) && !wanted.equals("READY") && !wanted.equals("STARTED")) {
            return false;
        }
        throw new AssertionError("the child said " + said + ", not " + wanted + ". " + jvm.output());
    }

    /** Lets it move ownership, or enter a phase; what it says came of that, or GONE. */
    String operate(String command) throws InterruptedException {
        try {
            jvm.send(command);
        } catch (IOException dead) {
            return "GONE";
        }
        String said = moves.poll(START.toSeconds(), TimeUnit.SECONDS);
        if (said == null) {
            throw new AssertionError("the child does not say what came of its " + command + ". " + jvm.output());
        }
        return said;
    }

    /** The nth thread that comes by a seam stands there; whoever is told may stop the process, and lets it go on. */
    void stopAt(String seam, int nth, Consumer<String> told) throws IOException {
        stands = told;
        jvm.send("stop-at " + seam + ' ' + nth);
    }

    /** It dies at a seam; whoever is told is told then. */
    void haltAt(String seam, int nth, Runnable told) throws IOException {
        dies = told;
        jvm.send("halt-at " + seam + ' ' + nth);
    }

    /** Lets go what stands at a seam. */
    void go() throws IOException {
        jvm.send("go");
    }

    void kill() {
        jvm.kill();
    }

    void pause() throws IOException {
        jvm.pause();
    }

    void resume() throws IOException {
        jvm.resume();
    }

    boolean alive() {
        return !gone && jvm.isAlive();
    }

    int runs() {
        return runs;
    }

    @Override
    public void close() {
        jvm.close();
    }
}
