package dev.dualwrite.samples.iot.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.samples.iot.device.Beginning;
import dev.dualwrite.samples.iot.device.Tables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One process of the application: its own pools, its own {@link DualWrite}, its part of the devices, many threads.
 *
 * <p>It is told its configuration by lines that end with {@code go}, says {@code @ready} and writes; {@code end} or the
 * end of its input ends it, and it says {@code @ended}. In between it says {@code @sample …} four times a second.
 */
public final class AppProcess {
    /** What lines for the parent begin with; other lines are noise. */
    public static final String MARK = "@";

    private static final long SAMPLE_MILLIS = 250;

    private final AppConfig config;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Counters counters = new Counters(AppProcess::say);
    private final GapMeter gaps = new GapMeter(AppProcess::say);

    private AppProcess(AppConfig config) {
        this.config = config;
    }

    /** Runs until its input says so. */
    public static void main(String[] args) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Map<String, String> values = new HashMap<>();
        for (String line = input.readLine(); line != null && !line.equals("go"); line = input.readLine()) {
            int equals = line.indexOf('=');
            values.put(line.substring(0, equals), line.substring(equals + 1));
        }
        AppProcess process = new AppProcess(AppConfig.of(values));
        Thread reader = new Thread(() -> process.awaitEnd(input), "commands");
        reader.setDaemon(true);
        reader.start();
        process.run();
        System.exit(0); // whatever a driver's thread still does
    }

    private void awaitEnd(BufferedReader input) {
        try {
            String line = input.readLine();
            while (line != null && !line.equals("end")) {
                line = input.readLine();
            }
        } catch (IOException gone) {
            say("error the parent is gone: " + gone.getMessage());
        } finally {
            end.countDown();
        }
    }

    private void run() throws IOException, InterruptedException {
        try (HikariDataSource source = pool(config.source(), config.threads());
                HikariDataSource target = pool(config.target(), config.threads());
                DualWrite dualWrite = DualWrite.named(config.migration())
                        .source(source)
                        .target(target)
                        .tables(Tables.NAMES.toArray(String[]::new))
                        .instance("app-" + (config.index() + 1))
                        .flipBudget(AppConfig.FLIP_BUDGET)
                        .build();
                AckLog log = new AckLog(config.log())) {
            List<Thread> threads = workers(new DeviceStore(dualWrite.dataSource()), log);
            ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
            threads.forEach(Thread::start);
            say("ready");
            ScheduledFuture<?> sampling =
                    sampler.scheduleAtFixedRate(this::sample, SAMPLE_MILLIS, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
            for (Thread thread : threads) {
                thread.join();
            }
            sampling.cancel(false);
            sampler.shutdown();
            if (!sampler.awaitTermination(10, TimeUnit.SECONDS)) {
                say("error the last sample takes long");
            }
            sample();
            say("ended");
        }
    }

    private void sample() {
        say("sample " + counters.sample().encode());
    }

    private static HikariDataSource pool(String url, int size) {
        HikariConfig hikari = new HikariConfig();
        hikari.setJdbcUrl(url);
        hikari.setMaximumPoolSize(size);
        hikari.setMinimumIdle(Math.min(size, 4));
        return new HikariDataSource(hikari);
    }

    /** Device d belongs to process d % processes, and there to one thread. */
    private List<Thread> workers(DeviceStore store, AckLog log) {
        Beginning beginning = config.beginning();
        int everywhere = config.processes() * config.threads();
        Optional<Trace> trace = config.trace().map(Trace::read);
        List<Devices> devices = new ArrayList<>();
        List<List<Trace.Reading>> recorded = new ArrayList<>();
        for (int i = 0; i < config.threads(); i++) {
            devices.add(new Devices());
            recorded.add(new ArrayList<>());
        }
        for (long id = 1; id <= beginning.devices(); id++) {
            if (mine(id)) {
                devices.get(threadOf(id)).put(beginning.device(id));
            }
        }
        trace.ifPresent(all -> all.readings().stream()
                .filter(reading -> mine(reading.device()))
                .forEach(reading -> recorded.get(threadOf(reading.device())).add(reading)));
        long busy = devices.stream().filter(some -> some.count() > 0).count();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < config.threads(); i++) {
            if (devices.get(i).count() > 0) {
                int number = config.index() * config.threads() + i;
                SplittableRandom random = new SplittableRandom(beginning.seed() * 1_000_003 + number);
                Worker worker = new Worker(
                        store,
                        devices.get(i),
                        trace.isPresent() ? new Readings.Recorded(recorded.get(i)) : new Readings.MadeUp(random),
                        random,
                        new Worker.NewIds(10_000_000L + number, everywhere),
                        counters,
                        gaps,
                        log,
                        config.rate() / busy,
                        end);
                threads.add(new Thread(worker, "devices-" + i));
            }
        }
        return threads;
    }

    private boolean mine(long device) {
        return device % config.processes() == config.index();
    }

    private int threadOf(long device) {
        return (int) (device / config.processes() % config.threads());
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(MARK + line);
            System.out.flush();
        }
    }
}
