package dev.dualwrite.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers on which the fence would not hold are refused by name. The build has no such servers: what they would answer
 * is put into the mouth of a connection.
 */
class VersionsTest {
    private static final String SINGLE_PRIMARY = "SHOW GLOBAL VARIABLES LIKE 'group_replication_single_primary_mode'";
    private static final String WSREP = "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'";
    private static final String MEMBERS =
            "SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE member_state = 'ONLINE'";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.0.22",
                "8.0.22-log",
                "8.0.44-0ubuntu0.24.04.1",
                "8.1.0",
                "8.4.7",
                "9.7.0",
                "8.0.35-27",
                "10.0.1",
                "11.4.0-MariaDB",
                "11.4.5-MariaDB-log",
                "5.5.5-11.4.5-MariaDB",
                "11.8.2-MariaDB-ubu2404",
                "12.0.2-MariaDB"
            })
    void theseCanTakePart(String version) {
        assertThat(Versions.refusal(version)).as(version).isEmpty();
        assertThatCode(() -> Versions.require(server(version, Map.of()), Side.SOURCE))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "8.0.21, MySQL 8.0.22 or newer",
        "8.0.11-log, MySQL 8.0.22 or newer",
        "5.7.44, MySQL 8.0.22 or newer",
        "5.5.5, MySQL 8.0.22 or newer",
        "11.3.2-MariaDB, MariaDB 11.4 or newer",
        "10.11.14-MariaDB-0ubuntu0.24.04.1, MariaDB 11.4 or newer",
        "5.5.5-10.11.8-MariaDB, MariaDB 11.4 or newer",
        "8.0.11-TiDB-v8.5.1, TiDB has no shared row locks",
        "5.7.25-TiDB-v7.1.0, TiDB has no shared row locks",
        "8.0.30-tidb-serverless, TiDB has no shared row locks",
        "something else, an unknown server",
        "'', an unknown server",
        "9, an unknown server"
    })
    void theseAreRefusedForTheirVersion(String version, String reason) {
        assertThatThrownBy(() -> Versions.require(server(version, Map.of()), Side.TARGET))
                .isInstanceOf(DualWriteException.class)
                .hasMessageStartingWith("DW-1007 TARGET reports version " + version)
                .hasMessageContaining(reason);
    }

    @Test
    void aMemberOfAMultiPrimaryGroupIsRefused() {
        Map<String, String> answers = Map.of(SINGLE_PRIMARY, "OFF", MEMBERS, "3");
        assertThatThrownBy(() -> Versions.require(server("8.4.7", answers), Side.SOURCE))
                .isInstanceOf(DualWriteException.class)
                .hasMessageStartingWith("DW-1007 SOURCE is a member of a multi-primary group");
    }

    @Test
    void aGroupWithOnePrimaryAndAServerThatIsNoMemberAreNot() {
        assertThatCode(() -> Versions.require(
                        server("8.4.7", Map.of(SINGLE_PRIMARY, "ON", MEMBERS, "3", WSREP, "OFF")), Side.SOURCE))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        Versions.require(server("8.4.7", Map.of(SINGLE_PRIMARY, "OFF", MEMBERS, "0")), Side.SOURCE))
                .doesNotThrowAnyException();
    }

    @Test
    void aGaleraNodeIsRefused() {
        assertThatThrownBy(() -> Versions.require(server("11.4.5-MariaDB", Map.of(WSREP, "on")), Side.TARGET))
                .isInstanceOf(DualWriteException.class)
                .hasMessageStartingWith("DW-1007 TARGET is a Galera node")
                .hasMessageContaining("wsrep_on=ON");
    }

    /** A connection to a server that reports this version and has these variables. */
    private static Connection server(String version, Map<String, String> answers) {
        Map<String, String> all = new HashMap<>(answers);
        all.put("SELECT VERSION()", version);
        return stub(Connection.class, (method, arguments) -> switch (method) {
            case "createStatement" -> statement(Statement.class, all, "");
            case "prepareStatement" -> statement(PreparedStatement.class, all, String.valueOf(arguments[0]));
            default -> throw new SQLException("not asked for: " + method);
        });
    }

    private static <T extends Statement> T statement(Class<T> type, Map<String, String> answers, String prepared) {
        return stub(type, (method, arguments) -> switch (method) {
            case "executeQuery" -> {
                String answer = answers.get(arguments.length == 0 ? prepared : String.valueOf(arguments[0]));
                yield answer == null ? row() : row(answer);
            }
            case "close" -> method;
            default -> throw new SQLException("not asked for: " + method);
        });
    }

    /** One row of one column, or none. */
    private static ResultSet row(String... value) {
        int[] left = {value.length};
        return stub(ResultSet.class, (method, arguments) -> switch (method) {
            case "next" -> left[0]-- > 0;
            case "getString" -> value[0];
            case "getInt" -> Integer.parseInt(value[0]);
            case "getMetaData" -> stub(ResultSetMetaData.class, (question, column) -> 1);
            case "close" -> method;
            default -> throw new SQLException("not asked for: " + method);
        });
    }

    /** What an object answers to a call; of a call that returns nothing it is thrown away. */
    private interface Answer {
        Object to(String method, Object[] arguments) throws SQLException;
    }

    private static <T> T stub(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        answer.to(method.getName(), arguments == null ? new Object[0] : arguments)));
    }
}
