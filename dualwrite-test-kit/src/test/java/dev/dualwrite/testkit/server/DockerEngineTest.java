package dev.dualwrite.testkit.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerEngineTest {

    private final ServerRequest request = ServerRequest.read(Map.of("user.home", "/nowhere")::get, name -> null);

    @Test
    void anEngineThatHangsIsAbsentWithinTenSeconds(@TempDir Path directory) throws IOException {
        Path socket = directory.resolve("docker.sock");
        // Bound and listening, so that connecting succeeds; nobody ever answers.
        try (ServerSocketChannel hanging = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            hanging.bind(UnixDomainSocketAddress.of(socket));
            long begin = System.nanoTime();
            Provider.Finding finding = new DockerProvider().find(request.withDockerHost("unix://" + socket));
            assertThat(finding)
                    .isInstanceOfSatisfying(
                            Provider.Finding.Absent.class,
                            absent -> assertThat(absent.why()).contains("did not answer"));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void noEngineIsAbsent(@TempDir Path directory) {
        assertThat(new DockerProvider().find(request.withDockerHost("unix://" + directory.resolve("none.sock"))))
                .isInstanceOf(Provider.Finding.Absent.class);
    }

    @Test
    void anAddressOfAnUnknownKindIsAbsentAndNamed() {
        assertThatThrownBy(() -> DockerEngine.at(Optional.of("ssh://somewhere")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ssh://somewhere");
    }

    @Test
    void anImageThatIsNotThereIsNotPulled() throws IOException {
        try (FakeEngine engine = new FakeEngine(path -> path.equals("/_ping") ? 200 : 404)) {
            assertThat(new DockerProvider().find(request.withDockerHost(engine.host())))
                    .isInstanceOfSatisfying(
                            Provider.Finding.Absent.class,
                            absent -> assertThat(absent.why()).contains("has no image mysql:9.7"));
        }
    }

    @Test
    void anEngineIsAskedForImages() throws IOException {
        try (FakeEngine engine = new FakeEngine(path -> path.contains("mysql:9.7") ? 200 : 404)) {
            DockerEngine asked = DockerEngine.at(Optional.of(engine.host()));
            assertThat(asked.hasImage("mysql:9.7")).isTrue();
            assertThat(asked.hasImage("mysql:5.5")).isFalse();
            assertThatThrownBy(asked::ping).hasMessageContaining("status 404");
        }
    }

    @Test
    void somethingElseThatListensThereIsNoEngine() throws IOException {
        try (FakeEngine engine = new FakeEngine(path -> -1)) {
            DockerEngine asked = DockerEngine.at(Optional.of(engine.host()));
            assertThatThrownBy(asked::ping).isInstanceOf(IOException.class).hasMessageContaining("does not speak HTTP");
        }
    }

    /** Answers each path with a status; a negative one with words that are no HTTP. */
    private static final class FakeEngine implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

        FakeEngine(Function<String, Integer> status) throws IOException {
            Thread thread = new Thread(() -> serve(status), "fake-engine");
            thread.setDaemon(true);
            thread.start();
        }

        String host() {
            return "tcp://127.0.0.1:" + listener.getLocalPort();
        }

        private void serve(Function<String, Integer> status) {
            while (!listener.isClosed()) {
                try (Socket client = listener.accept();
                        BufferedReader in =
                                new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII))) {
                    String path = String.valueOf(in.readLine()).split(" ", 3)[1];
                    while (!String.valueOf(in.readLine()).isEmpty()) {
                        // The head ends with an empty line.
                    }
                    int code = status.apply(path);
                    String answer = code < 0 ? "hello\n" : "HTTP/1.0 " + code + " Word\r\n\r\n{}";
                    client.getOutputStream().write(answer.getBytes(US_ASCII));
                } catch (IOException ended) {
                    // The client left, or the test is over.
                }
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
