package dev.dualwrite.samples.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.testkit.rehearsal.Passage;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Moves a catalogue on jOOQ to another server and back while it is edited, and to the other server for good. */
public final class CatalogOnJooq {
    private static final List<Phase> WAY =
            List.of(Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, Phase.TARGET_ONLY);
    private static final int EDITORS = 3;

    private CatalogOnJooq() {}

    /** Fails if the application does, or if the way is blocked. */
    public static void main(String[] args) throws Exception {
        run(System.out, 150);
    }

    static void run(PrintStream out, int edits) throws Exception {
        try (Schema source = schema(TwoServers.get().source().isolatedSchema("catalog"));
                Schema target = schema(TwoServers.get().target().isolatedSchema("catalog"));
                HikariDataSource sourcePool = pool(source);
                HikariDataSource targetPool = pool(target);
                DualWrite dualWrite = DualWrite.named("catalog")
                        .source(sourcePool)
                        .target(targetPool)
                        .tables("product", "price_change", "tag")
                        .build();
                Editors editors = new Editors(dualWrite.dataSource(), EDITORS)) {
            editors.start();
            Passage operator = new Passage(dualWrite);
            for (Phase phase : WAY) {
                editors.awaitEdits(edits);
                operator.to(phase);
                out.println(phase + ": " + dualWrite.ownership().owner() + " owns");
            }
            editors.awaitEdits(edits);
            editors.end();
            out.println(editors.repriced().size() + " products, "
                    + editors.discontinued().size() + " discontinued");
        }
    }

    private static Schema schema(Schema empty) throws IOException, SQLException {
        try (InputStream in =
                Objects.requireNonNull(CatalogOnJooq.class.getResourceAsStream("schema.sql"), "schema.sql")) {
            for (String statement : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split(";", 0)) {
                empty.execute(statement);
            }
        }
        return empty;
    }

    private static HikariDataSource pool(Schema schema) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(schema.jdbcUrl());
        config.setMaximumPoolSize(2 * EDITORS);
        return new HikariDataSource(config);
    }
}
