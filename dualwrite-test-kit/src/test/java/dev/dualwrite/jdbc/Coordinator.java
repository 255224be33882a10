package dev.dualwrite.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.runtime.Seams;
import dev.dualwrite.testkit.fault.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * An instance in a process of its own, which flips or rolls back when told to, stands still after one step, and can be
 * killed or stopped there. Told {@code flip STEP} or {@code rollBack STEP} it prints {@code EVENT AT STEP} and waits for
 * {@code go}; in the end it prints {@code EVENT OUTCOME}.
 */
final class Coordinator {
    private static volatile FlipStep wanted = FlipStep.PREPARE;
    private static volatile CountDownLatch go = new CountDownLatch(0);

    private Coordinator() {}

    static ChildJvm start(Rig rig, String name, Duration budget) throws IOException {
        return ChildJvm.of(Coordinator.class)
                .jvmOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
                .arguments(
                        rig.migration(),
                        name,
                        rig.proxy(Side.SOURCE).jdbcUrl(rig.schema(Side.SOURCE).name()),
                        rig.proxy(Side.TARGET).jdbcUrl(rig.schema(Side.TARGET).name()),
                        Long.toString(budget.toMillis()),
                        String.join(",", rig.tables()))
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        DualWrite dualWrite = DualWrite.named(arguments[0])
                .instance(arguments[1])
                .source(pool(arguments[2]))
                .target(pool(arguments[3]))
                .flipBudget(Duration.ofMillis(Long.parseLong(arguments[4])))
                .heartbeatTimeout(Duration.ofSeconds(2))
                .tables(arguments[5].split(",", -1))
                .seams(new Seams() {
                    @Override
                    public void afterFlipStep(FlipStep step) {
                        stand(step);
                    }
                })
                .build();
        System.out.println("READY");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("go")) {
                go.countDown();
                continue;
            }
            String[] words = line.split(" ", -1);
            if (words[0].equals("hold")) {
                go = new CountDownLatch(1);
                Thread hold = new Thread(() -> hold(dualWrite, words[1]), "hold");
                hold.setDaemon(true);
                hold.start();
                continue;
            }
            wanted = FlipStep.valueOf(words[1]);
            go = new CountDownLatch(1);
            Thread flip = new Thread(() -> flip(dualWrite, words[0]), "flip");
            flip.setDaemon(true);
            flip.start();
        }
    }

    private static void flip(DualWrite dualWrite, String which) {
        FlipOutcome outcome = which.equals("flip") ? dualWrite.flip() : dualWrite.rollBack();
        System.out.println("EVENT OUTCOME " + outcome.toString().replace('\n', ' '));
    }

    /** A transaction that an application has open: told {@code hold ID} it updates an account and waits for {@code go}. */
    private static void hold(DualWrite dualWrite, String account) {
        try (Connection connection = dualWrite.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE account SET balance = balance + 1 WHERE id = " + account);
                try (ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
                    row.next();
                    System.out.println("EVENT HOLDS " + row.getLong(1));
                }
            }
            go.await();
            connection.commit();
            System.out.println("EVENT COMMITTED");
        } catch (SQLException e) {
            System.out.println("EVENT FAILED " + e.getSQLState());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stand(FlipStep step) {
        if (step != wanted) {
            return;
        }
        System.out.println("EVENT AT " + step);
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url + "&connectTimeout=2000&socketTimeout=30000");
        config.setMaximumPoolSize(4);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
