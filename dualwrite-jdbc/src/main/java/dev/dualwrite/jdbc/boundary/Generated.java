package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.schema.Column;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Key;
import dev.dualwrite.key.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the keys that a server generates are learnt after the statement. */
sealed interface Generated {

    /** Whether rows are read without locks for it. */
    default boolean reads() {
        return true;
    }

    /**
     * @param firstId what the driver says was generated first
     * @throws SQLException if the keys cannot be learnt: the transaction must not commit
     */
    List<Captured> keys(Connection connection, long firstId) throws SQLException;

    /**
     * One INSERT all of whose rows are generated: the ids are consecutive, by the session's increment.
     *
     * @param rows the other key columns of each row, null where the id goes
     */
    record Consecutive(Table table, List<List<@Nullable String>> rows, long increment) implements Generated {
        @Override
        public boolean reads() {
            return false;
        }

        @Override
        public List<Captured> keys(Connection connection, long firstId) throws SQLException {
            BigInteger id = id(table, firstId);
            List<Captured> keys = new ArrayList<>(rows.size());
            for (List<@Nullable String> row : rows) {
                String text = id.toString();
                keys.add(new Captured(
                        table,
                        new Key(row.stream()
                                .map(part -> part == null ? text : part)
                                .toList())));
                id = id.add(BigInteger.valueOf(increment));
            }
            return keys;
        }
    }

    /**
     * Any mixture: whatever stands above what stood there before. That may be rows of others too, which is
     * harmless.
     *
     * @param lower the greatest value before; null if the table was empty
     */
    record Range(Table table, String column, @Nullable String lower) implements Generated {

        /** Reads the lower bound, in the transaction that will insert. */
        static Range from(Connection connection, Table table) throws SQLException {
            String column = generatedColumn(table);
            Question question = new Question(
                    "SELECT CAST(MAX(" + Sql.name(column) + ") AS CHAR) FROM " + KeyValues.qualified(table)
                            + " LIMIT 1",
                    List.of());
            return new Range(
                    table,
                    column,
                    question.ask(connection, Parameters.NONE, 0).get(0).get(0));
        }

        @Override
        public List<Captured> keys(Connection connection, long firstId) throws SQLException {
            return Generated.where(
                    connection,
                    table,
                    lower == null ? "" : " WHERE " + Sql.name(column) + " > " + new BigInteger(lower));
        }
    }

    private static String generatedColumn(Table table) {
        return table.autoIncrement()
                .orElseThrow(() -> new IllegalStateException(table.name() + " generates nothing"))
                .name();
    }

    private static BigInteger id(Table table, long firstId) throws SQLException {
        if (firstId == 0) {
            throw new SQLException(
                    "the server reported no generated id for an INSERT into " + table.name()
                            + ", so its key is not known",
                    "HY000");
        }
        boolean signed = table.autoIncrement().filter(Column::unsigned).isEmpty();
        return signed ? BigInteger.valueOf(firstId) : new BigInteger(Long.toUnsignedString(firstId));
    }

    private static List<Captured> where(Connection connection, Table table, String condition) throws SQLException {
        Question question = new Question(
                "SELECT " + String.join(", ", table.key().selectList("")) + " FROM " + KeyValues.qualified(table)
                        + condition + Question.ALL,
                List.of());
        List<Captured> keys = new ArrayList<>();
        for (List<@Nullable String> row : question.ask(connection, Parameters.NONE, 0)) {
            keys.add(new Captured(table, Capture.key(row)));
        }
        return keys;
    }
}
