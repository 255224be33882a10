package dev.dualwrite.samples.settlement;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.jdbc.DualWriteBuilder;
import dev.dualwrite.testkit.rehearsal.Passage;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Moves a settlement job on JdbcTemplate to another server and back while files come in, and to the other server for good. */
public final class SettlementOnJdbcTemplate {
    private static final List<Phase> WAY =
            List.of(Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, Phase.DUAL_WRITE, Phase.REVERSE_WINDOW, Phase.TARGET_ONLY);
    private static final int BANKS = 3;

    private SettlementOnJdbcTemplate() {}

    /** Fails if the application does, or if the way is blocked. */
    public static void main(String[] args) throws Exception {
        run(System.out, 20);
    }

    static void run(PrintStream out, int files) throws Exception {
        try (Schema source = schema(TwoServers.get().source().isolatedSchema("settlement"));
                Schema target = schema(TwoServers.get().target().isolatedSchema("settlement"));
                HikariDataSource sourcePool = pool(source);
                HikariDataSource targetPool = pool(target)) {
            openAccounts(source);
            try (DualWrite dualWrite = configure(DualWrite.named("settlement")
                                    .source(sourcePool)
                                    .target(targetPool)
                                    .tables("account", "instruction", "ledger_entry"))
                            .build();
                    Banks banks = new Banks(dualWrite.dataSource(), BANKS)) {
                banks.start();
                Passage operator = new Passage(dualWrite);
                for (Phase phase : WAY) {
                    banks.awaitFiles(files);
                    operator.to(phase);
                    out.println(phase + ": " + dualWrite.ownership().owner() + " owns");
                }
                banks.awaitFiles(files);
                banks.end();
                out.println(banks.settled().size() + " files settled");
            }
        }
    }

    /** Chunks have keys, and ownership does not move while the books are wrong. A settlement may wait for that. */
    static DualWriteBuilder configure(DualWriteBuilder builder) {
        return builder.idempotencyKeys(Duration.ofDays(30))
                .flipBudget(Duration.ofSeconds(10))
                .invariant(Books.NOTHING_COMES_FROM_NOWHERE.name(), Books.NOTHING_COMES_FROM_NOWHERE.query());
    }

    private static void openAccounts(Schema source) throws SQLException {
        for (int id = 1; id <= Banks.ACCOUNTS; id++) {
            source.execute("INSERT INTO account VALUES (" + id + ", 1000, 1000)");
        }
    }

    private static Schema schema(Schema empty) throws IOException, SQLException {
        try (InputStream in =
                Objects.requireNonNull(SettlementOnJdbcTemplate.class.getResourceAsStream("schema.sql"))) {
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
        config.addDataSourceProperty("rewriteBatchedStatements", "true");
        config.setMaximumPoolSize(2 * BANKS);
        return new HikariDataSource(config);
    }
}
