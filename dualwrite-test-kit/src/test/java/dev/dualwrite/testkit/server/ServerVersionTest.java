package dev.dualwrite.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionTest {

    @ParameterizedTest
    @CsvSource({
        "9.7.4,MySQL 9.7.4",
        "/usr/sbin/mysqld  Ver 8.0.36 for Linux on x86_64,MySQL 8.0.36",
        "11.4.5-MariaDB-log,MariaDB 11.4.5",
        "mariadbd  Ver 10.11.6-MariaDB for debian-linux-gnu,MariaDB 10.11.6",
    })
    void theKindIsReadFromTheWordsAndNotFromTheProgram(String text, String wanted) {
        assertThat(ServerVersion.parse(text)).hasToString(wanted);
    }

    @ParameterizedTest
    @CsvSource({"8.0.21,false", "8.0.22,true", "8.1.0,true", "9.0.0,true", "5.7.44,false"})
    void versionsAreComparedByNumber(String version, boolean enough) {
        assertThat(ServerVersion.parse(version).atLeast(8, 0, 22)).isEqualTo(enough);
    }

    @Test
    void aTextWithoutNumbersIsRefused() {
        assertThatThrownBy(() -> ServerVersion.parse("hello")).isInstanceOf(IllegalArgumentException.class);
    }
}
