package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.coverage.Scenario;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One contract, run on a bare pool's connection and on one of the boundary: whoever reads gets the same answers, classes,
 * warnings, further results, metadata and errors from both. Judged as {@link OnStage} says, too.
 */
class DriverContractIT extends OnStage {

    /** What a host asks, and notes what it hears. */
    private interface Part {
        void of(Connection connection, List<String> heard) throws Exception;
    }

    private static final List<Part> CONTRACT = List.of(
            DriverContractIT::answers,
            DriverContractIT::preparedAnswers,
            DriverContractIT::results,
            DriverContractIT::streams,
            DriverContractIT::warnings,
            DriverContractIT::errors,
            DriverContractIT::metadata,
            DriverContractIT::properties);

    @Scenario(100)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&useServerPrepStmts=true&cachePrepStmts=true",
                "&allowMultiQueries=true&tinyInt1isBit=false&yearIsDateType=false&zeroDateTimeBehavior=CONVERT_TO_NULL"
            })
    void aHostReadsTheSame(String options) throws Exception {
        stage = new Stage(options, StatementKinds.MOVED, StatementKinds.DDL);
        stage.put(StatementKinds.ROWS);
        stage.put(
                "INSERT INTO raw VALUES (X'01020304', 1)",
                "INSERT INTO amount VALUES (1.50, NULL)",
                "INSERT INTO day VALUES ('2024-02-29', 1)",
                "INSERT INTO stamp VALUES ('2024-02-29 01:02:03.004', 1)",
                "INSERT INTO year_of VALUES (2024, 1)");
        for (Part part : CONTRACT) {
            List<String> bare = new ArrayList<>();
            try (Connection connection = stage.open(Side.SOURCE)) {
                part.of(connection, bare);
            }
            List<String> wrapped = new ArrayList<>();
            try (Connection connection = stage.connect()) {
                part.of(connection, wrapped);
            }
            assertThat(wrapped).isEqualTo(bare).isNotEmpty();
        }
        assertThat(stage.captured(Side.SOURCE)).isEmpty();
    }

    private static void rows(ResultSet result, List<String> heard) throws Exception {
        try (result) {
            ResultSetMetaData meta = result.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                int column = i;
                for (Method method : methods(ResultSetMetaData.class, 1)) {
                    if (method.getParameterTypes()[0] == int.class) {
                        heard.add(method.getName() + " " + call(method, meta, column));
                    }
                }
            }
            while (result.next()) {
                for (int i = 1; i <= meta.getColumnCount(); i++) {
                    Object value = result.getObject(i);
                    String text = value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
                    heard.add((value == null ? "" : value.getClass().getName()) + " " + text + " " + result.getString(i)
                            + " " + result.wasNull());
                }
            }
            heard.add("row " + result.getRow() + " closed " + result.isClosed() + " type " + result.getType() + " "
                    + result.getConcurrency() + " " + result.getFetchSize());
        }
    }

    private static void answers(Connection connection, List<String> heard) throws Exception {
        for (String table : StatementKinds.MOVED) {
            try (Statement statement = connection.createStatement()) {
                rows(statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1"), heard);
            }
        }
    }

    private static void preparedAnswers(Connection connection, List<String> heard) throws Exception {
        for (int time = 0; time < 2; time++) {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT i.*, d.body FROM item i LEFT JOIN document d USING (id) WHERE i.id > ? AND i.name <> ?")) {
                statement.setInt(1, 1);
                statement.setString(2, "two");
                rows(statement.executeQuery(), heard);
                ParameterMetaData parameters = statement.getParameterMetaData();
                heard.add("parameters " + parameters.getParameterCount());
                heard.add("columns " + statement.getMetaData().getColumnCount());
                statement.setInt(1, 0);
                rows(statement.executeQuery(), heard);
            }
        }
    }

    private static void results(Connection connection, List<String> heard) throws Exception {
        try (Statement statement = connection.createStatement()) {
            heard.add("is a result " + statement.execute("SELECT id FROM item ORDER BY id"));
            heard.add("count " + statement.getUpdateCount() + " " + statement.getLargeUpdateCount());
            ResultSet first = statement.getResultSet();
            heard.add("more " + statement.getMoreResults(Statement.CLOSE_CURRENT_RESULT) + " closed " + first.isClosed()
                    + " count " + statement.getUpdateCount());
            heard.add("is a result " + statement.execute("UPDATE elsewhere SET v = v WHERE id < 3"));
            heard.add("count " + statement.getUpdateCount() + " more " + statement.getMoreResults() + " count "
                    + statement.getUpdateCount() + " no result " + (statement.getResultSet() == null));
            ResultSet one = statement.executeQuery("SELECT 1");
            ResultSet two = statement.executeQuery("SELECT 2");
            heard.add("closed " + one.isClosed() + " " + two.isClosed());
        }
        Statement closed = connection.createStatement();
        ResultSet open = closed.executeQuery("SELECT 3");
        closed.close();
        heard.add("closed " + open.isClosed() + " " + closed.isClosed());
        try (Statement statement =
                connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            statement.setMaxRows(2);
            try (ResultSet rows = statement.executeQuery("SELECT id FROM item ORDER BY id")) {
                heard.add("last " + rows.last() + " " + rows.getRow() + " first " + rows.first() + " relative "
                        + rows.relative(1) + " " + rows.getInt(1) + " " + rows.isLast());
            }
        }
    }

    private static void streams(Connection connection, List<String> heard) throws Exception {
        connection.setAutoCommit(false);
        for (int size : new int[] {Integer.MIN_VALUE, 1}) {
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(size);
                try (ResultSet rows = statement.executeQuery("SELECT id, name FROM item ORDER BY id")) {
                    heard.add("next " + rows.next() + " " + rows.getInt(1));
                    while (rows.next()) {
                        heard.add(rows.getInt(1) + " " + rows.getString("name"));
                    }
                }
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void warnings(Connection connection, List<String> heard) throws Exception {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT CAST('1x' AS SIGNED), CAST('2y' AS SIGNED)")) {
                heard.add("row " + row.next());
            }
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                heard.add(error(warning) + " " + warning.getMessage());
            }
            statement.clearWarnings();
            heard.add("cleared " + (statement.getWarnings() == null) + " " + (connection.getWarnings() == null));
            try (ResultSet row = statement.executeQuery("SHOW WARNINGS")) {
                heard.add("row " + row.next());
            }
        }
    }

    private static void errors(Connection connection, List<String> heard) throws Exception {
        for (String sql : List.of(
                "SELECT nope FROM item",
                "SELECT * FROM nothing",
                "SELEC 1",
                "SELECT 1 FROM",
                "SELECT (SELECT a FROM pair)")) {
            try (Statement statement = connection.createStatement()) {
                heard.add("no error " + statement.execute(sql));
            } catch (SQLException e) {
                heard.add(error(e) + " " + e.getMessage());
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, name FROM item WHERE id = 1")) {
            for (int column : new int[] {1, 2, 3}) {
                hear(heard, () -> row.getInt(column));
                hear(heard, row::next);
            }
        }
    }

    /** The driver lets exceptions out that are none of SQL. */
    private static void hear(List<String> heard, Callable<?> question) throws Exception {
        try {
            heard.add("value " + question.call());
        } catch (SQLException e) {
            heard.add(error(e) + " " + e.getMessage());
        } catch (RuntimeException e) {
            heard.add(e.toString());
        }
    }

    private static void metadata(Connection connection, List<String> heard) throws Exception {
        DatabaseMetaData meta = connection.getMetaData();
        for (Method method : methods(DatabaseMetaData.class, 0)) {
            heard.add(method.getName() + " " + call(method, meta));
        }
        String catalog = connection.getCatalog();
        rows(meta.getTables(catalog, null, "%", null), heard);
        rows(meta.getColumns(catalog, null, "item", "%"), heard);
        rows(meta.getPrimaryKeys(catalog, null, "pair"), heard);
        rows(meta.getTypeInfo(), heard);
        heard.add("supports " + meta.supportsResultSetType(ResultSet.TYPE_SCROLL_INSENSITIVE) + " "
                + meta.supportsTransactionIsolationLevel(Connection.TRANSACTION_SERIALIZABLE));
    }

    private static void properties(Connection connection, List<String> heard) throws Exception {
        for (Method method : methods(Connection.class, 0)) {
            if (method.getName().matches("(get|is).*") && !Set.of("isClosed").contains(method.getName())) {
                heard.add(method.getName() + " " + call(method, connection));
            }
        }
        heard.add(connection.nativeSQL("SELECT {fn NOW()}, {d '2024-01-01'}"));
        heard.add("valid " + connection.isValid(5) + " closed " + connection.isClosed());
        try (Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("SELECT 1")) {
            for (Method method : methods(Statement.class, 0)) {
                if (method.getName().matches("(get|is).*")) {
                    heard.add(method.getName() + " " + call(method, statement) + " " + call(method, prepared));
                }
            }
        }
    }

    /** Those that answer a plain value, in an order that is always the same. */
    private static List<Method> methods(Class<?> type, int parameters) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass() == type && method.getParameterCount() == parameters)
                .filter(method -> method.getReturnType() == String.class
                        || (method.getReturnType().isPrimitive() && method.getReturnType() != void.class))
                .sorted(Comparator.comparing(Method::toString))
                .toList();
    }

    private static String call(Method method, Object on, Object... arguments) throws IllegalAccessException {
        try {
            return String.valueOf(method.invoke(on, arguments));
        } catch (InvocationTargetException e) {
            return e.getCause() instanceof SQLException thrown ? error(thrown) : String.valueOf(e.getCause());
        }
    }

    private static String error(SQLException e) {
        return e.getClass().getName() + " " + e.getSQLState() + " " + e.getErrorCode();
    }
}
