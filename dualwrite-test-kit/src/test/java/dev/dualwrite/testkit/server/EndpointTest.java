package dev.dualwrite.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EndpointTest {

    @Test
    void aUrlIsReadAndWrittenAgainWithAnotherSchema() {
        Endpoint endpoint = Endpoint.parse("jdbc:mysql://db.test:3310/shop?user=a%40b&password=p%26q&connectTimeout=5");
        assertThat(endpoint.user()).isEqualTo("a@b");
        assertThat(endpoint.password()).isEqualTo("p&q");
        assertThat(endpoint.jdbcUrl("other"))
                .isEqualTo("jdbc:mysql://db.test:3310/other?user=a%40b&password=p%26q"
                        + "&allowPublicKeyRetrieval=true&connectTimeout=5&sslMode=DISABLED");
    }

    @Test
    void theUrlsOwnChoiceOfTlsIsKept() {
        assertThat(Endpoint.parse("jdbc:mysql://h/?sslMode=REQUIRED").jdbcUrl(""))
                .isEqualTo("jdbc:mysql://h:3306/?user=root&password=&sslMode=REQUIRED");
    }

    @Test
    void anotherAddressKeepsUserAndProperties() {
        assertThat(Endpoint.plain("127.0.0.1", 1, "u", "p").via("localhost", 2).jdbcUrl("s"))
                .startsWith("jdbc:mysql://localhost:2/s?user=u&password=p&");
    }

    @Test
    void aRefusedUrlDoesNotShowItsPassword() {
        assertThatThrownBy(() -> Endpoint.parse("jdbc:other://h/?password=secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> Endpoint.parse("jdbc:mysql://a,b/?password=secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }
}
