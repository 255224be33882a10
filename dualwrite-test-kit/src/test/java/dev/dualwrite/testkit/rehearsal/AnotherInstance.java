package dev.dualwrite.testkit.rehearsal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.fault.ChildJvm;
import java.io.IOException;

/** An instance that takes part in a migration until it is killed or its standard input ends. */
public final class AnotherInstance {
    private AnotherInstance() {}

    static ChildJvm start(Stage stage) throws IOException {
        return ChildJvm.start(
                AnotherInstance.class,
                stage.migration(),
                stage.prefix(),
                String.join(",", stage.tables()),
                stage.source().url(),
                stage.source().libraryUrl(),
                stage.target().url(),
                stage.target().libraryUrl());
    }

    public static void main(String[] arguments) throws Exception {
        try (HikariDataSource source = pool(arguments[3]);
                HikariDataSource target = pool(arguments[5]);
                DualWrite dualWrite = DualWrite.named(arguments[0])
                        .tablePrefix(arguments[1])
                        .tables(arguments[2].split(",", -1))
                        .source(source)
                        .sourceAccess(arguments[4], null, null)
                        .target(target)
                        .targetAccess(arguments[6], null, null)
                        .build()) {
            System.out.println("STARTED " + dualWrite.ownership());
            while (System.in.read() >= 0) {
                // it is killed, or ended by the end of its input
            }
        }
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }
}
