package dev.dualwrite.jdbc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.Server;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library's own sessions see rows as they are, or it does not start. Nothing is moved, so there is no oracle. */
class AccessIT {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "maxRows=1",
                "maxrows=1",
                "characterSetResults=latin1",
                "padCharsWithSpace=true",
                "sessionVariables=sql_select_limit=1",
                "sessionVariables=character_set_results=latin1",
                "useCursorFetch=true&defaultFetchSize=1",
                "blobsAreStrings=true"
            })
    void whatTheHostsUrlSetsDoesNotReachThem(String options) throws Exception {
        try (Schema schema = TwoServers.get().source().isolatedSchema("src")) {
            schema.execute(
                    "CREATE TABLE fixed (c CHAR(5) CHARACTER SET utf8mb4 PRIMARY KEY)",
                    "INSERT INTO fixed VALUES ('a'), ('\u20ac'), ('\ud834\udd1e')");
            Access access = new Access(schema.jdbcUrl() + "&" + options, null, null, new Properties());
            try (HikariDataSource pool = access.pool("access-it", 1);
                    Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                Access.prove(Side.SOURCE, connection);
                try (ResultSet rows = statement.executeQuery("SELECT c FROM fixed ORDER BY CHAR_LENGTH(HEX(c))")) {
                    StringBuilder read = new StringBuilder();
                    while (rows.next()) {
                        read.append(rows.getString(1));
                    }
                    assertThat(read.toString()).isEqualTo("a\u20ac\ud834\udd1e");
                }
            }
        }
    }

    @Test
    void whatAHostOfTheUrlSetsForItselfIsFoundOut() throws Exception {
        Server server = TwoServers.get().source();
        try (Schema schema = server.isolatedSchema("src")) {
            String plain = schema.jdbcUrl();
            String address = server.host() + ":" + server.port();
            assertThat(plain).contains(address);
            String url = plain.replace(
                    address, "address=(host=" + server.host() + ")(port=" + server.port() + ")(maxRows=1)");
            Access access = new Access(url, null, null, new Properties());
            try (HikariDataSource pool = access.pool("access-it", 1);
                    Connection connection = pool.getConnection()) {
                assertThatThrownBy(() -> Access.prove(Side.SOURCE, connection))
                        .isInstanceOf(DualWriteException.class)
                        .hasMessageContaining("DW-1012")
                        .hasMessageContaining("maxRows");
            }
        }
    }
}
