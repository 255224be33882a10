package dev.dualwrite.testkit.rehearsal;

import dev.dualwrite.testkit.fault.Command;
import dev.dualwrite.testkit.fault.StatementLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Transactions as statements of text, to be recorded from an application and replayed as load. As text, a transaction is the
 * statements up to an empty line, each ending in a semicolon at the end of a line; a first line {@code -- weight 5} lets it
 * be chosen five times as often.
 *
 * <pre>{@code
 * -- weight 5
 * UPDATE account SET balance = balance + 1 WHERE id = {1..100};
 * INSERT INTO entry (account, amount) VALUES ({1..100}, 1);
 *
 * INSERT INTO account (id, owner) VALUES ({n}, 'new');
 * }</pre>
 *
 * <p>When it is run, <code>{n}</code> becomes the transaction's number and <code>{1..100}</code> a number of that range. Which
 * transaction and which number are taken follows from the transaction's number and the seed, so each try does the same.
 *
 * <p>Immutable, safe for use by any number of threads.
 */
public final class StatementMix implements Transaction {
    private static final Pattern WEIGHT = Pattern.compile("--\\s*weight\\s+(\\d{1,6})\\s*");
    private static final Pattern PLACE = Pattern.compile("\\{(?:n|(-?\\d{1,18})\\.\\.(-?\\d{1,18}))}");
    private static final Pattern KEPT =
            Pattern.compile("(?i)(?:INSERT|UPDATE|DELETE|REPLACE|WITH|SELECT(?!\\s+@@))\\b.*", Pattern.DOTALL);
    private static final Predicate<dev.dualwrite.testkit.fault.Statement> COMMIT =
            dev.dualwrite.testkit.fault.Statement.isCommit();
    private static final Pattern ROLLBACK = Pattern.compile("ROLLBACK(?:\\s+WORK)?(?:\\s+AND\\s.*)?");
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final List<Entry> entries;
    private final int weights;
    private final long seed;

    /** A transaction and how often it is taken. */
    private record Entry(int weight, List<String> statements) {
        private Entry {
            statements = List.copyOf(statements);
        }
    }

    private StatementMix(List<Entry> entries, long seed) {
        this.entries = List.copyOf(entries);
        this.weights = entries.stream().mapToInt(Entry::weight).sum();
        this.seed = seed;
        if (weights == 0) {
            throw new IllegalArgumentException("a mix without a transaction is no load");
        }
    }

    /**
     * Reads a mix.
     *
     * @throws IllegalArgumentException if there is no transaction in it, or a statement without an end
     */
    public static StatementMix parse(String text) {
        List<Entry> entries = new ArrayList<>();
        List<String> statements = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        int weight = 1;
        for (String line : (text + "\n\n").split("\\R", -1)) {
            Matcher weighed = WEIGHT.matcher(line);
            if (weighed.matches()) {
                weight = Integer.parseInt(weighed.group(1));
            } else if (!line.isBlank()) {
                open.append(open.length() == 0 ? "" : "\n").append(line.strip());
                if (line.strip().endsWith(";")) {
                    statements.add(open.substring(0, open.length() - 1));
                    open.setLength(0);
                }
            } else if (open.length() > 0) {
                throw new IllegalArgumentException("a statement has no semicolon at its end: " + open);
            } else if (!statements.isEmpty()) {
                entries.add(new Entry(weight, statements));
                statements.clear();
                weight = 1;
            }
        }
        return new StatementMix(entries, 0);
    }

    /** Reads a mix from a file in UTF-8. */
    public static StatementMix read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /**
     * What an application did, as a proxy in front of its database wrote it down: its committed transactions, each once, in the
     * order of their commits. Statements of sessions (SET, SHOW, SELECT @@…), those that were rolled back, and the library's own
     * are left out; line ends become spaces.
     *
     * @throws IllegalStateException if a statement was prepared on the server, for then its values were not seen: record with
     *     {@code useServerPrepStmts=false}, the driver's default
     */
    public static StatementMix recorded(StatementLog log) {
        Map<Integer, List<String>> open = new HashMap<>();
        Set<Integer> manual = new HashSet<>();
        Set<Integer> begun = new HashSet<>();
        List<Entry> entries = new ArrayList<>();
        for (dev.dualwrite.testkit.fault.Statement statement : log.statements()) {
            String text = statement.text().replaceAll("\\R", " ");
            String word = text.toUpperCase(Locale.ROOT);
            int connection = statement.connection();
            List<String> statements = open.computeIfAbsent(connection, c -> new ArrayList<>());
            if (statement.command() == Command.PREPARE && KEPT.matcher(text).matches()) {
                throw new IllegalStateException("a statement was prepared on the server, so its values were not seen: "
                        + text + "; record with useServerPrepStmts=false");
            }
            boolean ends = COMMIT.test(statement) || word.startsWith("SET AUTOCOMMIT=1");
            if (ROLLBACK.matcher(word).matches()) {
                statements.clear();
                begun.remove(connection);
            } else if (word.startsWith("SET AUTOCOMMIT=0")) {
                manual.add(connection);
            } else if (word.equals("BEGIN") || word.startsWith("START TRANSACTION")) {
                begun.add(connection);
            } else if (KEPT.matcher(text).matches() && !word.contains("DUALWRITE_")) {
                statements.add(text);
                ends = !manual.contains(connection) && !begun.contains(connection);
            }
            if (ends && !statements.isEmpty()) {
                entries.add(new Entry(1, statements));
                statements.clear();
            }
            if (COMMIT.test(statement)) {
                begun.remove(connection);
            } else if (word.startsWith("SET AUTOCOMMIT=1")) {
                manual.remove(connection);
            }
        }
        return new StatementMix(entries, 0);
    }

    /** The same transactions, chosen otherwise. */
    public StatementMix seed(long other) {
        return new StatementMix(entries, other);
    }

    /** How many different transactions there are. */
    public int size() {
        return entries.size();
    }

    /** The mix as text, as {@link #parse} reads it. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            if (entry.weight() != 1) {
                text.append("-- weight ").append(entry.weight()).append('\n');
            }
            entry.statements().forEach(statement -> text.append(statement).append(";\n"));
            text.append('\n');
        }
        return text.toString();
    }

    /** Writes {@link #text()} into a file in UTF-8. */
    public void write(Path file) throws IOException {
        Files.writeString(file, text());
    }

    @Override
    public void run(Connection connection, long number) throws SQLException {
        SplittableRandom random = new SplittableRandom(seed ^ number * SPREAD);
        int chosen = random.nextInt(weights);
        int index = 0;
        while (chosen >= entries.get(index).weight()) {
            chosen -= entries.get(index++).weight();
        }
        try (Statement statement = connection.createStatement()) {
            for (String sql : entries.get(index).statements()) {
                statement.execute(filled(sql, number, random));
            }
        }
    }

    private static String filled(String sql, long number, SplittableRandom random) {
        return PLACE.matcher(sql).replaceAll(place -> {
            if (place.group(1) == null) {
                return Long.toString(number);
            }
            long least = Long.parseLong(place.group(1));
            return Long.toString(random.nextLong(least, Long.parseLong(place.group(2)) + 1));
        });
    }
}
