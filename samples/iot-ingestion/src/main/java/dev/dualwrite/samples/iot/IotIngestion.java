package dev.dualwrite.samples.iot;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.samples.iot.app.AppConfig;
import dev.dualwrite.samples.iot.app.Trace;
import dev.dualwrite.samples.iot.device.Beginning;
import dev.dualwrite.samples.iot.device.Tables;
import dev.dualwrite.samples.iot.operate.AppInstance;
import dev.dualwrite.samples.iot.operate.Course;
import dev.dualwrite.samples.iot.operate.Event;
import dev.dualwrite.samples.iot.operate.Journal;
import dev.dualwrite.samples.iot.operate.Monitor;
import dev.dualwrite.samples.iot.operate.Stage;
import dev.dualwrite.samples.iot.operate.Timeline;
import dev.dualwrite.samples.iot.report.HtmlReport;
import dev.dualwrite.samples.iot.stats.Sample;
import dev.dualwrite.samples.iot.verdict.Acknowledged;
import dev.dualwrite.samples.iot.verdict.Facts;
import dev.dualwrite.samples.iot.verdict.Findings;
import dev.dualwrite.samples.iot.verdict.OwnerAudit;
import dev.dualwrite.samples.iot.verdict.Verdict;
import dev.dualwrite.samples.iot.view.AnsiView;
import dev.dualwrite.samples.iot.view.PlainView;
import dev.dualwrite.samples.iot.view.Style;
import dev.dualwrite.samples.iot.view.Terminal;
import dev.dualwrite.samples.iot.view.VerdictTable;
import dev.dualwrite.samples.iot.view.View;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Two processes write the readings of thousands of devices, while an operator moves the tables to another server, back,
 * and forth again, and things break; then a verdict on what was acknowledged.
 */
public final class IotIngestion {
    private static final String MIGRATION = "iot-2026";
    private static final int PROCESSES = 2;

    private final Options options;
    private final View view;
    private final Style style;
    private final long began;
    private final Journal journal = new Journal();
    private final Timeline timeline = new Timeline();

    IotIngestion(Options options, View view, Style style, long began) {
        this.options = options;
        this.view = view;
        this.style = style;
        this.began = began;
        journal.listen(view::tell);
    }

    /** Runs the job; the exit code is 0 if the verdict is green. */
    public static void main(String[] args) {
        int code = run(List.of(args), System.out);
        if (code != 0) {
            System.exit(code); // also within Maven, which would bury the verdict under a stack trace otherwise
        }
    }

    static int run(List<String> arguments, PrintStream out) {
        if (OptionParser.asksForHelp(arguments)) {
            out.print(OptionParser.HELP);
            return 0;
        }
        long began = System.currentTimeMillis();
        try {
            Options options = OptionParser.parse(arguments);
            logToFile(options.report());
            Optional<Terminal> terminal = options.plain() ? Optional.empty() : Terminal.find();
            Style style = terminal.isPresent() ? Terminal.style(System.getenv()) : Style.NONE;
            View view = terminal.isPresent()
                    ? new AnsiView(out, terminal.orElseThrow(), style, began)
                    : new PlainView(out, began);
            return new IotIngestion(options, view, style, began).run().green() ? 0 : 1;
        } catch (BadOptionException e) {
            out.println(e.getMessage());
            return 2;
        } catch (IOException | SQLException | RuntimeException e) {
            LoggerFactory.getLogger(IotIngestion.class).error("the job failed", e);
            out.println("the job failed: " + e);
            return 1;
        } catch (InterruptedException e) {
            out.println("interrupted");
            return 1;
        }
    }

    /** What the library logs would garble the view. */
    private static void logToFile(Path report) {
        Path log = report.resolveSibling(report.getFileName() + ".log");
        if (System.getProperty("org.slf4j.simpleLogger.logFile") == null && logFolder(log)) {
            System.setProperty("org.slf4j.simpleLogger.logFile", log.toString());
        }
    }

    private static boolean logFolder(Path log) {
        try {
            Path folder = log.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return true;
        } catch (IOException e) {
            throw new BadOptionException(
                    "--report: its folder cannot be made: " + e.getMessage() + "; choose another place");
        }
    }

    /** The whole job. */
    Verdict run() throws IOException, SQLException, InterruptedException {
        Beginning beginning = new Beginning(
                options.seed(),
                options.trace().map(Trace::read).map(Trace::devices).orElse(options.devices()),
                options.history());
        journal.step("two processes with %,d devices on %d threads each, about %,d writes a second; about %d s in all"
                .formatted(
                        beginning.devices() / PROCESSES,
                        options.threads(),
                        options.rate(),
                        options.duration().toSeconds()));
        journal.step("again: " + options.asTyped());
        journal.step("opens two servers");
        Path folder = Files.createTempDirectory("iot-ingestion");
        try (Stage stage = Stage.open(options.servers())) {
            journal.step(stage.describe());
            long seeding = System.nanoTime();
            stage.seed(beginning);
            journal.step("%,d rows of history for %,d devices are on the source, in %.1f s"
                    .formatted(beginning.history(), beginning.devices(), (System.nanoTime() - seeding) / 1e9));
            Verdict verdict = migrate(stage, beginning, folder);
            new HtmlReport(verdict, timeline, journal.events(), setting(stage, beginning), began)
                    .write(options.report());
            List<String> end = new ArrayList<>(VerdictTable.lines(verdict, style));
            end.add("report: " + options.report().toAbsolutePath());
            if (verdict.green()) {
                delete(folder);
            } else {
                end.add("what was acknowledged, for who looks into it: " + folder);
            }
            view.end(end);
            return verdict;
        }
    }

    private Verdict migrate(Stage stage, Beginning beginning, Path folder)
            throws IOException, SQLException, InterruptedException {
        long deadline = System.nanoTime()
                + options.duration()
                        .minusMillis(System.currentTimeMillis() - began)
                        .toNanos();
        List<AppInstance> instances = new ArrayList<>();
        try (HikariDataSource source = Stage.pool(stage.sourceUrl());
                HikariDataSource target = Stage.pool(stage.targetUrl());
                DualWrite console = DualWrite.named(MIGRATION)
                        .source(source)
                        .target(target)
                        .tables(Tables.NAMES.toArray(String[]::new))
                        .instance("operator")
                        .flipBudget(AppConfig.FLIP_BUDGET)
                        .build()) {
            for (int index = 0; index < PROCESSES; index++) {
                instances.add(start(stage, beginning, folder, index));
            }
            for (AppInstance instance : instances) {
                instance.awaitReady();
            }
            journal.step("both processes write");
            Course.Outcome outcome;
            try (Monitor monitor = new Monitor(console, instances, timeline, began, view::show)) {
                monitor.start();
                outcome = new Course(
                                console,
                                stage,
                                instances,
                                monitor,
                                journal,
                                options.plant(),
                                options.duration(),
                                deadline)
                        .run();
                for (AppInstance instance : instances) {
                    instance.end();
                }
                for (AppInstance instance : instances) {
                    instance.awaitEnd();
                }
            }
            return judge(stage, beginning, console, instances, outcome);
        } finally {
            instances.forEach(AppInstance::close);
        }
    }

    private AppInstance start(Stage stage, Beginning beginning, Path folder, int index) throws IOException {
        AppConfig config = new AppConfig(
                stage.sourceUrl(),
                stage.targetUrl(),
                MIGRATION,
                index,
                PROCESSES,
                options.threads(),
                (double) options.rate() / PROCESSES,
                beginning,
                folder.resolve("acknowledged-" + (index + 1)),
                options.trace());
        Path log = options.report()
                .toAbsolutePath()
                .resolveSibling(options.report().getFileName() + ".process-" + (index + 1) + ".log");
        return AppInstance.start(config, log, error -> journal.tell(Event.Kind.ERROR, error));
    }

    private Verdict judge(
            Stage stage, Beginning beginning, DualWrite console, List<AppInstance> instances, Course.Outcome outcome)
            throws IOException, SQLException {
        Acknowledged acknowledged = new Acknowledged(beginning);
        for (AppInstance instance : instances) {
            acknowledged.read(instance.log());
        }
        Findings findings;
        try (Connection owner = switch (console.ownership().owner()) {
            case SOURCE -> stage.source();
            case TARGET -> stage.target();
        }) {
            findings = new OwnerAudit(acknowledged).of(owner);
        }
        Sample seen = instances.stream().map(AppInstance::take).reduce(Sample.none(), Sample::plus);
        return Verdict.of(new Facts(
                findings,
                seen,
                outcome.verification(),
                outcome.comparison(),
                outcome.flips(),
                AppConfig.FLIP_BUDGET,
                outcome.unfinished(),
                stage.describe()));
    }

    private Map<String, String> setting(Stage stage, Beginning beginning) {
        Map<String, String> setting = new LinkedHashMap<>();
        setting.put("options", options.asTyped());
        setting.put("devices at the start", "%,d".formatted(beginning.devices()));
        setting.put("servers", stage.versions());
        setting.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"));
        setting.put("Java", System.getProperty("java.version"));
        setting.put("began", Instant.ofEpochMilli(began).toString());
        return setting;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
