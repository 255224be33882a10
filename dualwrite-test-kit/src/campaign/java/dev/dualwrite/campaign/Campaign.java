package dev.dualwrite.campaign;

import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Runs until its runs or its minutes are over: for each run a seed, the plan that follows from it, the migration, the
 * oracle. One line for each run; a run that fails is told with its plan and with the command that repeats it. Ends with
 * a summary and with what was hit. The exit code is 1 if anything failed, or if in 50 runs some way to read was never taken.
 *
 * <p>Properties: {@code campaign.runs} and {@code campaign.minutes} (ten minutes, if neither is given), {@code
 * campaign.parallel}, {@code campaign.seed} (one run of this seed), {@code campaign.first} (the first of successive seeds), {@code
 * campaign.report} (a file), {@code campaign.until=failure} (the first failure ends it).
 */
public final class Campaign {
    private static final long RUN_SECONDS = 300;

    private final Setting setting;
    private final Coverage coverage = new Coverage();
    private final Summary summary = new Summary();
    private final AtomicInteger begun = new AtomicInteger();
    private final long deadline;

    private Campaign(Setting setting) {
        this.setting = setting;
        this.deadline = setting.minutes() == 0 ? Long.MAX_VALUE : System.nanoTime() + (long) (setting.minutes() * 60e9);
    }

    /** What is asked for. */
    record Setting(int runs, double minutes, int parallel, long first, Path report, boolean untilFailure) {
        static Setting ofProperties() {
            long seed = Long.parseLong(property("seed", "0"));
            long first = Long.parseLong(property("first", "0"));
            int runs = seed != 0 ? 1 : Integer.parseInt(property("runs", "0"));
            return new Setting(
                    runs,
                    Double.parseDouble(property("minutes", runs == 0 ? "10" : "0")),
                    Integer.parseInt(property("parallel", "2")),
                    seed != 0 ? seed : first != 0 ? first : Math.floorMod(System.nanoTime(), 1_000_000_000L) * 1_000,
                    Path.of(property("report", "target/campaign.md")),
                    property("until", "").equals("failure"));
        }

        private static String property(String name, String otherwise) {
            String value = System.getProperty("campaign." + name, "");
            return value.isBlank() ? otherwise : value;
        }
    }

    /** Runs the campaign that the system properties describe. */
    public static void main(String[] arguments) throws Exception {
        boolean well = new Campaign(Setting.ofProperties()).run();
        System.exit(well ? 0 : 1);
    }

    private boolean run() throws Exception {
        System.out.println(TwoServers.get().describe());
        System.out.println("seeds from " + setting.first() + ", " + setting.parallel() + " runs at once");
        ExecutorService workers = Executors.newFixedThreadPool(setting.parallel());
        ExecutorService runners = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "run");
            thread.setDaemon(true);
            return thread;
        });
        try (Children children = new Children(setting.parallel() + 1)) {
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < setting.parallel(); i++) {
                working.add(workers.submit(() -> work(children, runners)));
            }
            for (Future<?> one : working) {
                one.get();
            }
        } finally {
            workers.shutdownNow();
            runners.shutdownNow();
        }
        List<String> never = summary.neverTaken();
        String report = summary.table() + "\n" + summary.routes()
                + (never.isEmpty() ? "" : "\nFAILED: no read was answered " + String.join("; ", never) + "\n")
                + "\n" + coverage.share() + " fail points hit\n\n" + coverage.table(Summary.ACTIVITIES);
        System.out.println("\n" + report);
        Files.createDirectories(setting.report().toAbsolutePath().getParent());
        Files.writeString(setting.report(), report);
        return summary.failed() == 0 && never.isEmpty();
    }

    private void work(Children children, ExecutorService runners) {
        while (System.nanoTime() - deadline < 0 || setting.minutes() == 0) {
            int number = begun.incrementAndGet();
            if ((setting.runs() > 0 && number > setting.runs()) || (setting.untilFailure() && summary.failed() > 0)) {
                return;
            }
            Plan plan = Plan.of(setting.first() + number - 1);
            long began = System.nanoTime();
            Tally tally = new Tally();
            Optional<String> violation = one(plan, tally, children, runners);
            double seconds = (System.nanoTime() - began) / 1e9;
            summary.add(plan, tally, violation, seconds);
            System.out.println(String.format(
                    Locale.ROOT,
                    "run %d seed %d %s %.1f s; %d tables, %d instances and a child; %s; faults: %s",
                    number,
                    plan.seed(),
                    violation.isPresent() ? "FAILED" : "ok",
                    seconds,
                    plan.tables().size(),
                    plan.instances().size(),
                    tally,
                    plan.faults().stream().map(fault -> fault.kind().name()).collect(Collectors.joining(" "))));
            violation.ifPresent(text -> System.out.println(text + "\n" + plan.describe()
                    + "\nrepeat with: mvn -Pcampaign verify -Dcampaign.seed=" + plan.seed()));
        }
    }

    private Optional<String> one(Plan plan, Tally tally, Children children, ExecutorService runners) {
        try {
            Child child = children.take();
            Future<Optional<String>> running = runners.submit(() -> judged(plan, tally, child));
            Optional<String> violation = Optional.of("interrupted");
            try {
                violation = running.get(RUN_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException hangs) {
                violation = Optional.of("STUCK: no end within " + RUN_SECONDS + " s\n" + threads());
                running.cancel(true);
            } finally {
                children.giveBack(child, violation.isEmpty());
            }
            return violation;
        } catch (Exception e) {
            return Optional.of("the campaign itself failed: " + trace(e));
        }
    }

    private Optional<String> judged(Plan plan, Tally tally, Child child) {
        try (Run run = new Run(plan, coverage, tally)) {
            try {
                run.run(child);
                return Optional.empty();
            } catch (AssertionError e) {
                return Optional.of(e.getMessage() + "\n  " + String.join("\n  ", run.audit()));
            } catch (Exception e) {
                return Optional.of(trace(e) + "\n  " + String.join("\n  ", run.audit()));
            }
        } catch (java.sql.SQLException | IOException e) {
            return Optional.of("the campaign itself failed: " + trace(e));
        }
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String threads() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (stack.length > 3) {
                text.append(thread.getName()).append('\n');
                for (StackTraceElement frame : stack) {
                    text.append("    ").append(frame).append('\n');
                }
            }
        });
        return text.toString();
    }
}
