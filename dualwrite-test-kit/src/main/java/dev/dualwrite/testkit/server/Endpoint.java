package dev.dualwrite.testkit.server;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Where a server listens and as whom to enter: everything a JDBC URL says apart from the schema. */
record Endpoint(String host, int port, String user, String password, Map<String, String> properties) {

    private static final String PREFIX = "jdbc:mysql://";
    private static final int DEFAULT_PORT = 3306;

    Endpoint {
        properties = Map.copyOf(properties);
    }

    /** A server of our own: on loopback, without TLS, so that a proxy in front of it can read the protocol. */
    static Endpoint plain(String host, int port, String user, String password) {
        return new Endpoint(host, port, user, password, plainText());
    }

    /**
     * Reads {@code jdbc:mysql://host[:port]/[schema]?user=..&password=..}. The schema is left out; TLS is off unless
     * the URL names {@code sslMode}.
     */
    static Endpoint parse(String url) {
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("Not a " + PREFIX + "host:port/ URL of one server: " + masked(url));
        }
        URI uri;
        try {
            uri = URI.create(url.substring("jdbc:".length()));
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("Unreadable JDBC URL: " + masked(url));
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("No single host in the JDBC URL " + masked(url));
        }
        Map<String, String> properties = new LinkedHashMap<>();
        String query = uri.getRawQuery();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                properties.put(decode(name), decode(value));
            }
        }
        String user = properties.containsKey("user") ? properties.remove("user") : "root";
        String password = properties.containsKey("password") ? properties.remove("password") : "";
        if (!properties.containsKey("sslMode")) {
            properties.putAll(plainText());
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return new Endpoint(uri.getHost(), port, user, password, properties);
    }

    Endpoint as(String otherUser, String otherPassword) {
        return new Endpoint(host, port, otherUser, otherPassword, properties);
    }

    Endpoint via(String otherHost, int otherPort) {
        return new Endpoint(otherHost, otherPort, user, password, properties);
    }

    String jdbcUrl(String schema) {
        String rest = properties.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(property -> "&" + encode(property.getKey()) + "=" + encode(property.getValue()))
                .collect(Collectors.joining());
        return PREFIX + host + ":" + port + "/" + schema + "?user=" + encode(user) + "&password=" + encode(password)
                + rest;
    }

    private static Map<String, String> plainText() {
        return Map.of("sslMode", "DISABLED", "allowPublicKeyRetrieval", "true");
    }

    /** Secrets stand in the query, so messages end before it. */
    private static String masked(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query) + "?…";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
