package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Asks a container engine the few things that decide whether it is worth more time, by hand, because the usual client
 * waits for minutes on an engine that does not answer. Each question has a limit and an engine that hangs is an
 * {@link IOException} like one that is not there.
 */
final class DockerEngine {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int ANSWER_LIMIT = 1 << 22;
    private static final int PLAIN_PORT = 2375;

    private final SocketAddress address;

    private DockerEngine(SocketAddress address) {
        this.address = address;
    }

    /**
     * The engine that is to be asked.
     *
     * @param host {@code unix:///path} or {@code tcp://host:port}; empty to look in the usual places
     * @throws IOException if there is none, with the reason for people
     */
    static DockerEngine at(Optional<String> host) throws IOException {
        if (host.isEmpty()) {
            Path socket = usualSockets().filter(Files::exists).findFirst().orElse(null);
            if (socket == null) {
                throw new IOException("no engine runs here: DOCKER_HOST is not set and there is no docker.sock");
            }
            return new DockerEngine(UnixDomainSocketAddress.of(socket));
        }
        URI uri;
        try {
            uri = URI.create(host.get());
        } catch (IllegalArgumentException unreadable) {
            throw new IOException("DOCKER_HOST cannot be read: " + host.get(), unreadable);
        }
        if ("unix".equals(uri.getScheme()) && uri.getPath() != null) {
            return new DockerEngine(UnixDomainSocketAddress.of(uri.getPath()));
        }
        if (("tcp".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null) {
            int port = uri.getPort() < 0 ? PLAIN_PORT : uri.getPort();
            return new DockerEngine(new InetSocketAddress(uri.getHost(), port));
        }
        throw new IOException("DOCKER_HOST is neither unix:// nor tcp://: " + host.get());
    }

    void ping() throws IOException {
        Answer answer = get("/_ping");
        if (answer.status() != 200) {
            throw new IOException("the engine answers a ping with status " + answer.status());
        }
    }

    boolean hasImage(String image) throws IOException {
        return get("/images/" + image + "/json").status() == 200;
    }

    /** True if there is any tag of this repository. */
    boolean hasAnyOf(String repository) throws IOException {
        String filter = URLEncoder.encode("{\"reference\":[\"" + repository + "\"]}", StandardCharsets.UTF_8);
        Answer answer = get("/images/json?filters=" + filter);
        return answer.status() == 200 && answer.body().contains("\"Id\"");
    }

    private Answer get(String path) throws IOException {
        try (SocketChannel channel = open()) {
            FutureTask<Answer> asking = new FutureTask<>(() -> exchange(channel, path));
            Thread thread = new Thread(asking, "dualwrite-servers-docker");
            thread.setDaemon(true);
            thread.start();
            // Closing the channel on the way out ends the thread, if it still waits.
            return asking.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            throw new IOException("the engine at " + address + " did not answer within " + PATIENCE, silent);
        } catch (ExecutionException failed) {
            throw new IOException("the engine at " + address + " cannot be asked: " + failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while asking the engine");
        }
    }

    private SocketChannel open() throws IOException {
        return address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
    }

    private Answer exchange(SocketChannel channel, String path) throws IOException {
        channel.connect(address);
        // Version 1.0 of the protocol: the answer ends with the connection.
        ByteBuffer request = StandardCharsets.US_ASCII.encode("GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n");
        while (request.hasRemaining()) {
            channel.write(request);
        }
        ByteBuffer answer = ByteBuffer.allocate(ANSWER_LIMIT);
        while (answer.hasRemaining() && channel.read(answer) >= 0) {
            // Until the end.
        }
        String text = StandardCharsets.UTF_8.decode(answer.flip()).toString();
        List<String> words = List.of(text.split(" ", 3));
        if (words.size() < 3
                || !words.get(0).startsWith("HTTP/")
                || !words.get(1).matches("\\d{3}")) {
            throw new IOException("what answers there does not speak HTTP");
        }
        return new Answer(Integer.parseInt(words.get(1)), text);
    }

    private static Stream<Path> usualSockets() {
        Stream<Path> shared = Stream.of(Path.of("/var/run/docker.sock"));
        Stream<Path> own =
                Stream.of(Path.of(String.valueOf(System.getProperty("user.home")), ".docker", "run", "docker.sock"));
        Stream<Path> rootless =
                Stream.ofNullable(System.getenv("XDG_RUNTIME_DIR")).map(runtime -> Path.of(runtime, "docker.sock"));
        return Stream.of(shared, rootless, own).flatMap(sockets -> sockets);
    }

    private record Answer(int status, String body) {}
}
