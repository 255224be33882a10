package dev.dualwrite.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionTest {

    private final ServerRequest request = ServerRequest.read(Map.of("user.home", "/nowhere")::get, name -> null);

    private record Fake(ProviderName name, Finding finding) implements Provider {
        @Override
        public Finding find(ServerRequest asked) {
            return finding;
        }
    }

    private static Provider absent(ProviderName name) {
        return new Fake(name, new Provider.Finding.Absent("nothing of " + name + " here"));
    }

    private static Provider broken(ProviderName name) {
        return new Fake(name, new Provider.Finding.Found(name + " things", () -> {
            throw new IOException("it fell over");
        }));
    }

    private static Provider working(ProviderName name) {
        return new Fake(name, new Provider.Finding.Found(name + " things", () -> place -> {
            throw new IOException("not opened in this test");
        }));
    }

    @Test
    void theFirstThatWorksIsTakenAndItIsSaidWhyNotTheOthers() {
        Selection selection = new Selection(
                List.of(absent(ProviderName.DOCKER), broken(ProviderName.LOCAL), working(ProviderName.EMBEDDED)));
        Selection.Chosen<String> chosen = selection.any(request, opener -> "opened");
        assertThat(chosen.provider()).isEqualTo(ProviderName.EMBEDDED);
        assertThat(chosen.passedOver())
                .containsExactly(
                        "docker: nothing of docker here", "local: found local things, which failed: it fell over");
    }

    @Test
    void theOrderIsDockerThenLocalThenEmbedded() {
        Selection selection = new Selection(
                List.of(working(ProviderName.DOCKER), working(ProviderName.LOCAL), working(ProviderName.EMBEDDED)));
        assertThat(selection.any(request, opener -> "opened").provider()).isEqualTo(ProviderName.DOCKER);
        assertThat(ProviderName.values())
                .containsExactly(ProviderName.DOCKER, ProviderName.LOCAL, ProviderName.EMBEDDED);
    }

    @Test
    void askedForAndBrokenIsAFailureThoughAnotherWouldWork() {
        Selection selection = new Selection(List.of(broken(ProviderName.LOCAL), working(ProviderName.EMBEDDED)));
        assertThatThrownBy(() -> selection.named(ProviderName.LOCAL, request, opener -> "opened"))
                .isInstanceOf(ServersUnavailableException.class)
                .hasMessageContaining("local was asked for")
                .hasMessageContaining("it fell over");
    }

    @Test
    void askedForAndAbsentIsAFailureThatSaysWhy() {
        Selection selection = new Selection(List.of(absent(ProviderName.DOCKER), working(ProviderName.EMBEDDED)));
        assertThatThrownBy(() -> selection.named(ProviderName.DOCKER, request, opener -> "opened"))
                .isInstanceOf(ServersUnavailableException.class)
                .hasMessageContaining("nothing of docker here");
    }

    @Test
    void noneAtAllSaysWhyForEach() {
        Selection selection = new Selection(List.of(absent(ProviderName.DOCKER), broken(ProviderName.LOCAL)));
        assertThatThrownBy(() -> selection.any(request, opener -> "opened"))
                .isInstanceOf(ServersUnavailableException.class)
                .hasMessageContaining("nothing of docker here")
                .hasMessageContaining("it fell over");
    }

    @Test
    void aServerProgramThatIsTooOldIsNotTaken(@TempDir Path directory) throws IOException {
        script(directory.resolve("mysqld"), "echo 'mysqld  Ver 8.0.21 for Linux on x86_64'");
        assertThat(new LocalProvider(List.of(directory)).find(request))
                .isInstanceOfSatisfying(
                        Provider.Finding.Absent.class,
                        finding -> assertThat(finding.why()).contains("8.0.21", "8.0.22 or MariaDB 11.4 is needed"));
    }

    @Test
    void mySqlGoesBeforeMariaDb(@TempDir Path directory) throws IOException {
        script(directory.resolve("mariadbd"), "echo 'mariadbd  Ver 11.4.5-MariaDB for Linux'");
        LocalProvider provider = new LocalProvider(List.of(directory));
        assertThat(((Provider.Finding.Found) provider.find(request)).what()).startsWith("MariaDB 11.4.5");
        script(directory.resolve("mysqld"), "echo 'mysqld  Ver 9.7.4 for Linux'");
        assertThat(((Provider.Finding.Found) provider.find(request)).what()).startsWith("MySQL 9.7.4");
    }

    @Test
    void aNamedServerProgramThatDoesNotRunIsAFailure(@TempDir Path directory) throws IOException {
        Path program = script(directory.resolve("mysqld"), "echo 'no such library'; exit 127");
        assertThatThrownBy(() -> TwoServers.open(request.withMysqld(program).from(ProviderName.LOCAL)))
                .isInstanceOf(ServersUnavailableException.class)
                .hasMessageContaining("no such library");
    }

    @Test
    void aServerProgramThatOnlyKnowsItsVersionIsFoundAndBroken(@TempDir Path directory) throws IOException {
        Path program = script(
                directory.resolve("mysqld"),
                "case \"$*\" in *--version) echo 'Ver 9.7.4';; *) echo 'cannot initialise'; exit 1;; esac");
        assertThatThrownBy(() -> TwoServers.open(request.withMysqld(program)
                        .withCache(directory.resolve("cache"))
                        .from(ProviderName.LOCAL)))
                .isInstanceOf(ServersUnavailableException.class)
                .hasMessageContaining("cannot initialise");
    }

    private static Path script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
