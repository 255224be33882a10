package dev.dualwrite.samples.settlement;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/**
 * The application: receives files of payments, and settles them in chunks, each of which is posted once however often the job is
 * started. A balance is what the entries of its account come to. Safe for use by any number of threads.
 */
public final class SettlementJob {
    /** Instructions of a chunk. */
    public static final int CHUNK = 5;

    private static final RowMapper<Instruction> INSTRUCTION = (row, number) -> new Instruction(
            row.getInt("position"), row.getLong("payer"), row.getLong("payee"), row.getBigDecimal("amount"));

    private final JdbcTemplate jdbc;
    private final Once once;

    public SettlementJob(DataSource dataSource) {
        jdbc = new JdbcTemplate(dataSource);
        once = new Once(dataSource, jdbc);
    }

    /** Receives a file; receiving it again changes nothing. */
    public void receive(String file, List<Instruction> instructions) {
        once.run("receive " + file, () -> {
            jdbc.batchUpdate(
                    "INSERT INTO instruction (file, position, payer, payee, amount) VALUES (?, ?, ?, ?, ?)",
                    instructions.stream()
                            .map(one -> new Object[] {file, one.position(), one.payer(), one.payee(), one.amount()})
                            .toList());
            return Turnover.of(instructions);
        });
    }

    /** Settles a file that was received: what of it is not settled yet. Answers for the whole file. */
    public Turnover settle(String file) {
        Integer size = jdbc.queryForObject("SELECT COUNT(*) FROM instruction WHERE file = ?", Integer.class, file);
        Turnover total = Turnover.NONE;
        for (int from = 0; size != null && from < size; from += CHUNK) {
            total = total.plus(settle(file, from));
        }
        return total;
    }

    /**
     * Settles one chunk of a file.
     *
     * @param from the position of its first instruction
     */
    public Turnover settle(String file, int from) {
        return once.run(key(file, from), () -> post(file, from));
    }

    /** What names a chunk for ever. */
    static String key(String file, int from) {
        return "settle " + file + " " + from;
    }

    private Turnover post(String file, int from) {
        List<Instruction> chunk = jdbc.query("""
                SELECT position, payer, payee, amount FROM instruction
                 WHERE file = ? AND position >= ? AND position < ? ORDER BY position""", INSTRUCTION, file, from, from + CHUNK);
        List<Object[]> entries = new ArrayList<>();
        SortedMap<Long, BigDecimal> changes =
                new TreeMap<>(); // in one order, so that chunks rarely wait for each other in a circle
        for (Instruction one : chunk) {
            entries.add(new Object[] {one.payer(), one.amount().negate(), file, one.position()});
            entries.add(new Object[] {one.payee(), one.amount(), file, one.position()});
            changes.merge(one.payer(), one.amount().negate(), BigDecimal::add);
            changes.merge(one.payee(), one.amount(), BigDecimal::add);
        }
        jdbc.batchUpdate(
                "UPDATE account SET balance = balance + ? WHERE id = ?",
                changes.entrySet().stream()
                        .map(change -> new Object[] {change.getValue(), change.getKey()})
                        .toList());
        jdbc.batchUpdate("INSERT INTO ledger_entry (account_id, amount, file, position) VALUES (?, ?, ?, ?)", entries);
        return Turnover.of(chunk);
    }
}
