package dev.dualwrite.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedServerIT {

    private final ManagedServer server = PrivateServers.start();

    @BeforeEach
    void aRow() throws SQLException {
        server.execute(
                "CREATE DATABASE shop", "CREATE TABLE shop.t (id INT PRIMARY KEY)", "INSERT INTO shop.t VALUES (1)");
    }

    @AfterEach
    void end() {
        server.close();
    }

    private static String rows(Server of) throws SQLException {
        return of.ask("SELECT COUNT(*) FROM shop.t");
    }

    @Test
    void aKilledServerComesBackOnItsPortWithItsCommits() throws Exception {
        int port = server.port();
        long pid = server.pid();
        server.kill();
        assertThat(server.isAlive()).isFalse();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThatThrownBy(server::connect).isInstanceOf(SQLException.class);
        server.start();
        assertThat(server.port()).isEqualTo(port);
        assertThat(server.pid()).isNotEqualTo(pid);
        assertThat(rows(server)).isEqualTo("1");
    }

    @Test
    void aRestartTakesOptionsForOneRun() throws Exception {
        server.restart("--max-connections=77");
        assertThat(server.ask("SELECT @@max_connections")).isEqualTo("77");
        assertThat(server.log()).contains("ready for connections");
        server.restart();
        assertThat(server.ask("SELECT @@max_connections")).isEqualTo("500");
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anOptionTheServerDoesNotKnowIsAFailureThatShowsItsLog() throws Exception {
        server.stop();
        assertThatThrownBy(() -> server.start("--no-such-option"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-option");
        server.start();
        assertThat(rows(server)).isEqualTo("1");
    }

    @Test
    void aPausedServerAnswersNothingAndGoesOn() throws Exception {
        server.pause();
        assertThatThrownBy(
                        () -> DriverManager.getConnection(server.jdbcUrl("") + "&connectTimeout=300&socketTimeout=300")
                                .close())
                .isInstanceOf(SQLException.class);
        server.resume();
        assertThat(rows(server)).isEqualTo("1");
    }

    @Test
    void aPausedServerCanBeKilled() throws Exception {
        server.pause();
        server.kill();
        server.start();
        assertThat(rows(server)).isEqualTo("1");
    }

    @Test
    void aCopyHasTheRowsAndAnIdentityOfItsOwn() throws Exception {
        try (ManagedServer copy = server.startCopy()) {
            assertThat(rows(copy)).isEqualTo("1");
            copy.execute("INSERT INTO shop.t VALUES (2)");
            assertThat(rows(server)).isEqualTo("1");
            assertThat(copy.port()).isNotEqualTo(server.port());
            assertThat(copy.ask("SELECT @@server_id")).isNotEqualTo(server.ask("SELECT @@server_id"));
            if (server.kind() == ServerKind.MYSQL) {
                assertThat(copy.ask("SELECT @@server_uuid")).isNotEqualTo(server.ask("SELECT @@server_uuid"));
            }
        }
    }

    @Test
    void aSavedCopyComesUpAsItWasThen(@TempDir Path directory) throws Exception {
        Path saved = directory.resolve("saved");
        server.copyDataDirectory(saved);
        server.execute("INSERT INTO shop.t VALUES (2)");
        try (ManagedServer restored = server.startCopyOf(saved)) {
            assertThat(rows(restored)).isEqualTo("1");
        }
        assertThat(rows(server)).isEqualTo("2");
    }
}
