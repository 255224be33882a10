package dev.dualwrite.samples.tenants.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dualwrite.samples.tenants.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;

/** What a customer makes of answers: of a service that says of each plan what it is told to. */
class CustomerTest {
    private static final int VISITS = 300;

    private final Counters counters = new Counters();
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private volatile int read;
    private volatile int written;

    /** Else each answer takes 40 ms. */
    @BeforeAll
    static void sendAtOnce() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body;
        int version = exchange.getRequestMethod().equals("GET") ? read : written;
        String plan = "{\"id\":1,\"tenant\":\"t\",\"name\":\"n\",\"cents\":5,\"version\":" + version + "}";
        if (exchange.getRequestURI().getPath().endsWith("/prices")) {
            body = "[" + "{\"version\":1,\"cents\":5},".repeat(version - 1) + "{\"version\":1,\"cents\":5}]";
        } else {
            body = exchange.getRequestURI().getPath().endsWith("/plans")
                            && exchange.getRequestMethod().equals("GET")
                    ? "[" + plan + "]"
                    : plan;
        }
        String token = exchange.getRequestHeaders().getFirst(Headers.READ_AFTER);
        if (token != null) {
            tokens.add(token);
        }
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.getResponseHeaders().add(Headers.ANSWERED_BY, "a SOURCE");
        if (!exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().add(Headers.WRITE_TOKEN, "w1-abc");
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void visit(int version, int seen) {
        written = version;
        read = seen;
        String url = "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
        Customer customer = new Customer("t", List.of(1L), RestClient.create(), counters, new Random(5));
        for (int i = 0; i < VISITS; i++) {
            customer.visit(List.of(url, url));
        }
    }

    @Test
    void whoSeesWhatHeHasWrittenIsContent() {
        visit(3, 3);
        assertThat(counters.older()).isEmpty();
        assertThat(counters.acknowledged()).isNotEmpty();
        assertThat(counters.requests()).isGreaterThan(VISITS);
        assertThat(tokens).contains("w1-abc");
    }

    @Test
    void whoSeesLessIsCountedHoweverHeLooks() {
        visit(3, 2);
        assertThat(counters.older()).hasSizeGreaterThan(VISITS / 3).allMatch(text -> text.contains("wrote version 3"));
    }
}
