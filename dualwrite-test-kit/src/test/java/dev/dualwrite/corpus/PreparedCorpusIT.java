package dev.dualwrite.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.corpus.Mistake.What;
import dev.dualwrite.corpus.PreparingServer.Answer;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.sql.Kind;
import dev.dualwrite.sql.SqlDialect;
import dev.dualwrite.sql.Statement;
import dev.dualwrite.sql.StatementReader;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The reader takes the statements of the {@link Corpus} for what the server's PREPARE takes them for. Two parsers are held
 * beside it; where they differ from the server, that is a {@link Mistake} of theirs, and known.
 */
class PreparedCorpusIT {
    private static final List<String> TABLES =
            List.of("item", "pair", "stamp", "coin", "word", "part", "order line", "elsewhere", "items");
    private static final Map<String, Parser> PARSERS =
            Map.of("Druid", new DruidParser(), "JSqlParser", new JSqlParser());

    @SuppressWarnings("NullAway.Init")
    private static PreparingServer server;

    private static SqlDialect dialect = SqlDialect.mysql(80_000);

    @BeforeAll
    static void open() throws SQLException {
        Server source = TwoServers.get().source();
        server = new PreparingServer(source, TABLES);
        dialect = dialect(source);
    }

    @AfterAll
    static void close() throws SQLException {
        server.close();
    }

    private static SqlDialect dialect(Server server) throws SQLException {
        String[] parts = server.ask("SELECT VERSION()").split("[.-]", -1);
        int version =
                Integer.parseInt(parts[0]) * 10_000 + Integer.parseInt(parts[1]) * 100 + Integer.parseInt(parts[2]);
        return server.kind() == ServerKind.MYSQL ? SqlDialect.mysql(version) : SqlDialect.mariadb(version);
    }

    private static Statement read(Mode mode, String sql) {
        return new StatementReader(dialect.withModes(mode.ansiQuotes(), mode.noBackslashEscapes())).read(sql);
    }

    @Scenario({30, 35})
    @Test
    void theReaderTakesStatementsForWhatTheServerTakesThemFor() throws SQLException {
        Corpus corpus = Corpus.of(720);
        List<String> faults = new ArrayList<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (Sample sample : corpus.samples().toList()) {
            server.in(sample.mode());
            String sql = sample.in(server.name());
            Answer answer = server.ask(sql);
            Statement statement = read(sample.mode(), sql);
            counts.merge(answer.getClass().getSimpleName(), 1, Integer::sum);
            if (answer instanceof Answer.Accepted accepted) {
                if (statement.reading().unsafe()) {
                    counts.merge("accepted, and not trusted by the reader", 1, Integer::sum);
                } else if (statement instanceof Statement.Other other && other.kind() == Kind.UNKNOWN) {
                    counts.merge("accepted, and unknown to the reader", 1, Integer::sum);
                }
                faults(accepted, sample.mode(), statement).forEach(fault -> faults.add(sample + "\n  " + fault));
            } else if (!(statement instanceof Statement.Other) && answer instanceof Answer.NoStatement) {
                counts.merge("refused by the server, and known to the reader", 1, Integer::sum);
            }
        }
        System.out.println(counts);
        assertThat(faults).isEmpty();
    }

    private static List<String> faults(Answer.Accepted accepted, Mode mode, Statement statement) throws SQLException {
        List<String> faults = new ArrayList<>();
        Take take = accepted.take();
        boolean trusted = !statement.reading().unsafe();
        for (String table : take.tables()) {
            if (!statement.mentions(table)) {
                faults.add(table + " is not mentioned");
            }
        }
        if (!trusted) {
            if (!(statement instanceof Statement.Other other)
                    || (other.kind() != Kind.UNKNOWN && other.kind() != Kind.MULTI_STATEMENT)) {
                faults.add("is read though it is not trusted");
            }
            return faults;
        }
        int driver = server.driverParameters(statement.sql());
        // which learns late that a backslash is a letter: the boundary refuses where it finds more than there are
        boolean late = mode.noBackslashEscapes() && statement.sql().contains("\\'");
        if (statement.paramCount() != take.parameters() || (driver != take.parameters() && !late)) {
            faults.add(
                    statement.paramCount() + " parameters, the driver " + driver + ", the server " + take.parameters());
        }
        Optional<Set<String>> verbs = Takes.verbs(statement);
        if (verbs.isPresent() && !verbs.get().equals(take.verbs())) {
            faults.add(verbs.get() + ", the server " + take.verbs());
        }
        if (!(statement instanceof Statement.Other)) {
            if (!Takes.tables(statement).containsAll(take.tables())) {
                faults.add(Takes.tables(statement) + ", the server " + take.tables());
            }
            if (!changed(statement).equals(accepted.changed())) {
                faults.add("changes " + changed(statement) + ", says the server " + accepted.changed());
            }
        }
        return faults;
    }

    private static Set<String> changed(Statement statement) {
        if (statement instanceof Statement.Insert insert) {
            return Set.of(insert.table().name());
        }
        return statement instanceof Statement.Selective selective
                ? Set.of(selective.table().name())
                : Set.of();
    }

    @Test
    void whatTheParsersGetWrongIsKnown() throws SQLException {
        List<Mistake> known = Mistake.list();
        Map<String, Integer> counts = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        for (Sample sample : Corpus.fixed(720).samples().toList()) {
            server.in(sample.mode());
            String sql = sample.in(server.name());
            if (server.ask(sql) instanceof Answer.Accepted accepted) {
                PARSERS.forEach((name, parser) -> mistakes(parser, sql, accepted.take())
                        .forEach((what, why) -> {
                            counts.merge(name + " " + what, 1, Integer::sum);
                            if (known.stream().noneMatch(mistake -> mistake.explains(name, what, sample))) {
                                faults.add(name + " " + what + " " + why + "\n  " + sample.traits() + " " + sample);
                            }
                        }));
            }
        }
        System.out.println(counts);
        assertThat(faults).isEmpty();
    }

    @Test
    void theParsersStillGetWrongWhatIsKnown() throws SQLException {
        Set<Mistake> gone = new HashSet<>();
        for (Mistake mistake : Mistake.list()) {
            server.in(mistake.mode());
            String sql = mistake.example().replace(Scratch.SCHEMA, server.name());
            Parser parser = PARSERS.get(mistake.parser());
            if (parser == null) {
                gone.add(mistake);
            } else if (server.ask(sql) instanceof Answer.Accepted accepted
                    && !mistakes(parser, sql, accepted.take()).containsKey(mistake.what())) {
                gone.add(mistake);
            }
        }
        assertThat(gone).isEmpty();
    }

    private static Map<What, String> mistakes(Parser parser, String sql, Take truth) {
        Map<What, String> mistakes = new LinkedHashMap<>();
        try {
            Take take = parser.read(sql);
            if (take.parameters() != truth.parameters()) {
                mistakes.put(What.PARAMETERS, take.parameters() + " for " + truth.parameters());
            }
            if (!take.verbs().equals(truth.verbs())) {
                mistakes.put(What.VERBS, take.verbs() + " for " + truth.verbs());
            }
            if (!take.tables().equals(truth.tables())) {
                mistakes.put(What.TABLES, take.tables() + " for " + truth.tables());
            }
        } catch (Parser.NotParsedException e) {
            mistakes.put(
                    What.UNKNOWN,
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return mistakes;
    }
}
