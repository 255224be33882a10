package dev.dualwrite.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.testkit.server.ServerRequest.Choice;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerRequestTest {

    private static ServerRequest read(Map<String, String> properties, Map<String, String> environment) {
        return ServerRequest.read(properties::get, environment::get);
    }

    @Test
    void nothingSaidMeansTheFirstThatWorks() {
        ServerRequest request = read(Map.of("user.home", "/home/me"), Map.of());
        assertThat(request.choice()).isEqualTo(new Choice.Any());
        assertThat(request.cache()).isEqualTo(Path.of("/home/me/.cache/dualwrite"));
        assertThat(request.image()).isEqualTo("mysql:9.7");
    }

    @ParameterizedTest
    @EnumSource(ProviderName.class)
    void aProviderCanBeNamed(ProviderName provider) {
        assertThat(read(Map.of("dualwrite.servers", provider.toString()), Map.of())
                        .choice())
                .isEqualTo(new Choice.Named(provider));
    }

    @Test
    void thePropertyGoesBeforeTheVariable() {
        Map<String, String> variables = Map.of("DUALWRITE_SERVERS", "docker", "XDG_CACHE_HOME", "/c");
        assertThat(read(Map.of(), variables).choice()).isEqualTo(new Choice.Named(ProviderName.DOCKER));
        assertThat(read(Map.of("dualwrite.servers", "auto"), variables).choice())
                .isEqualTo(new Choice.Any());
        assertThat(read(Map.of(), variables).cache()).isEqualTo(Path.of("/c/dualwrite"));
    }

    @Test
    void namingAServerProgramAsksForTheLocalProvider() {
        ServerRequest request = read(Map.of("dualwrite.mysqld", "/opt/mysqld"), Map.of());
        assertThat(request.choice()).isEqualTo(new Choice.Named(ProviderName.LOCAL));
        assertThat(request.mysqld()).contains(Path.of("/opt/mysqld"));
    }

    @Test
    void twoUrlsAreASourceAndATarget() {
        assertThat(read(Map.of("dualwrite.servers", "jdbc:mysql://a/;jdbc:mysql://b/"), Map.of())
                        .choice())
                .isEqualTo(new Choice.Urls("jdbc:mysql://a/", "jdbc:mysql://b/"));
    }

    @Test
    void oneUrlOrAnUnknownWordIsRefusedAndTheMessageSaysWhatIsAllowed() {
        assertThatThrownBy(() -> read(Map.of("dualwrite.servers", "jdbc:mysql://a/"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("source;target");
        assertThatThrownBy(() -> read(Map.of("dualwrite.servers", "oracle"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("auto, docker, local, embedded");
    }
}
