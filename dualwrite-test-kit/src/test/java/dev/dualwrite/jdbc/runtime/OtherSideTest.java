package dev.dualwrite.jdbc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class OtherSideTest {
    private static SQLException pool(SQLException cause) {
        return new SQLTransientConnectionException("Connection is not available", cause.getSQLState(), cause);
    }

    @Test
    void aServerThatCannotBeReachedIsSilent() {
        SQLException refused =
                new SQLException("Communications link failure", "08S01", 0, new ConnectException("refused"));
        assertThat(OtherSide.silent(refused)).isTrue();
        assertThat(OtherSide.silent(pool(refused))).isTrue();
    }

    @Test
    void aServerThatHasAnErrorToTellIsNot() {
        assertThat(OtherSide.silent(new SQLException("Too many connections", "08004", 1040)))
                .isFalse();
        assertThat(OtherSide.silent(pool(new SQLException("Too many connections", "08004", 1040))))
                .isFalse();
        assertThat(OtherSide.silent(pool(new SQLException("Access denied", "28000", 1045))))
                .isFalse();
    }

    @Test
    void aServerWithWhichTheDriverDoesNotAgreeIsNot() {
        assertThat(OtherSide.silent(pool(new SQLException("Public Key Retrieval is not allowed", "08001", 0))))
                .isFalse();
        assertThat(OtherSide.silent(pool(new SQLException(
                        "Communications link failure", "08S01", 0, new SSLHandshakeException("expired")))))
                .isFalse();
    }

    @Test
    void anEmptyPoolProvesNothing() {
        assertThat(OtherSide.silent(new SQLTransientConnectionException("Connection is not available", null, 0)))
                .isFalse();
    }
}
