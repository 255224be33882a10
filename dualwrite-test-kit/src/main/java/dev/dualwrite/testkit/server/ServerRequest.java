package dev.dualwrite.testkit.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which servers are wanted. Read from system properties, and from the environment where a property is not set:
 *
 * <table>
 * <caption>Properties</caption>
 * <tr><th>property</th><th>variable</th><th>meaning</th></tr>
 * <tr><td>{@code dualwrite.servers}</td><td>{@code DUALWRITE_SERVERS}</td><td>{@code auto} (default), {@code docker},
 *   {@code local}, {@code embedded}, or two JDBC URLs with user and password, separated by a semicolon: source,
 *   target</td></tr>
 * <tr><td>{@code dualwrite.mysqld}</td><td>{@code DUALWRITE_MYSQLD}</td><td>the server program of the local provider;
 *   without {@code dualwrite.servers} it asks for that provider</td></tr>
 * <tr><td>{@code dualwrite.image}</td><td>{@code DUALWRITE_IMAGE}</td><td>the image of the Docker provider, by default
 *   {@value #DEFAULT_IMAGE}; it is never pulled</td></tr>
 * <tr><td>{@code dualwrite.cache}</td><td>{@code DUALWRITE_CACHE}</td><td>where unpacked binaries are kept, by default
 *   {@code dualwrite} in {@code $XDG_CACHE_HOME} or {@code ~/.cache}</td></tr>
 * <tr><td>{@code dualwrite.work}</td><td>{@code DUALWRITE_WORK}</td><td>where servers keep their data, by default
 *   memory that is mounted as a directory if there is more than 1 GiB of it, else the temporary directory</td></tr>
 * </table>
 *
 * @param choice which provider
 * @param mysqld the server program of the local provider; empty to look for one
 * @param image the image of the Docker provider
 * @param dockerHost the engine's address, as {@code DOCKER_HOST} writes it; empty to look in the usual places
 * @param cache where unpacked binaries are kept
 * @param work where servers keep their data
 */
public record ServerRequest(
        Choice choice, Optional<Path> mysqld, String image, Optional<String> dockerHost, Path cache, Path work) {

    /** The image that is looked for when none is named. */
    public static final String DEFAULT_IMAGE = "mysql:9.7";

    /** Which provider is to give the servers. */
    public sealed interface Choice {
        /** The first that works. */
        record Any() implements Choice {}

        /** This one, or failure. */
        record Named(ProviderName provider) implements Choice {}

        /** Servers that somebody else runs. */
        record Urls(String source, String target) implements Choice {
            /** For people; URLs hold secrets. */
            @Override
            public String toString() {
                return "Urls[…]";
            }
        }
    }

    /** Makes the paths absolute. */
    public ServerRequest {
        cache = cache.toAbsolutePath().normalize();
        work = work.toAbsolutePath().normalize();
        mysqld = mysqld.map(path -> path.toAbsolutePath().normalize());
    }

    /** What the system properties and the environment of this JVM ask for. */
    public static ServerRequest fromEnvironment() {
        return read(System::getProperty, System::getenv);
    }

    static ServerRequest read(Lookup properties, Lookup environment) {
        Lookup setting = name -> {
            String property = properties.get("dualwrite." + name);
            String value = property != null ? property : environment.get("DUALWRITE_" + name.toUpperCase(Locale.ROOT));
            return value == null || value.isBlank() ? null : value.strip();
        };
        Optional<Path> mysqld = Optional.ofNullable(setting.get("mysqld")).map(Path::of);
        return new ServerRequest(
                choice(setting.get("servers"), mysqld.isPresent()),
                mysqld,
                Optional.ofNullable(setting.get("image")).orElse(DEFAULT_IMAGE),
                Optional.ofNullable(environment.get("DOCKER_HOST")).filter(host -> !host.isBlank()),
                Optional.ofNullable(setting.get("cache"))
                        .map(Path::of)
                        .orElseGet(() -> defaultCache(properties, environment)),
                Optional.ofNullable(setting.get("work")).map(Path::of).orElseGet(Workspace::defaultBase));
    }

    /** The same, from a named provider. */
    public ServerRequest from(ProviderName provider) {
        return choosing(new Choice.Named(provider));
    }

    /** The same, with another choice. */
    public ServerRequest choosing(Choice other) {
        return new ServerRequest(other, mysqld, image, dockerHost, cache, work);
    }

    /** The same, with this server program for the local provider. */
    public ServerRequest withMysqld(Path program) {
        return new ServerRequest(choice, Optional.of(program), image, dockerHost, cache, work);
    }

    /** The same, with the engine at this address. */
    public ServerRequest withDockerHost(String host) {
        return new ServerRequest(choice, mysqld, image, Optional.of(host), cache, work);
    }

    /** The same, with another cache. */
    public ServerRequest withCache(Path directory) {
        return new ServerRequest(choice, mysqld, image, dockerHost, directory, work);
    }

    private static Choice choice(@Nullable String servers, boolean mysqldGiven) {
        if (servers == null) {
            return mysqldGiven ? new Choice.Named(ProviderName.LOCAL) : new Choice.Any();
        }
        if (servers.startsWith("jdbc:")) {
            List<String> urls = List.of(servers.split(";", -1));
            if (urls.size() != 2) {
                throw new IllegalArgumentException(
                        "dualwrite.servers wants two JDBC URLs, source;target, and has " + urls.size());
            }
            return new Choice.Urls(urls.get(0).strip(), urls.get(1).strip());
        }
        return switch (servers) {
            case "auto" -> new Choice.Any();
            case "docker" -> new Choice.Named(ProviderName.DOCKER);
            case "local" -> new Choice.Named(ProviderName.LOCAL);
            case "embedded" -> new Choice.Named(ProviderName.EMBEDDED);
            default ->
                throw new IllegalArgumentException("dualwrite.servers is \"" + servers
                        + "\"; it can be auto, docker, local, embedded, or two JDBC URLs source;target");
        };
    }

    private static Path defaultCache(Lookup properties, Lookup environment) {
        String shared = environment.get("XDG_CACHE_HOME");
        if (shared != null && !shared.isBlank()) {
            return Path.of(shared, "dualwrite");
        }
        return Path.of(String.valueOf(properties.get("user.home")), ".cache", "dualwrite");
    }

    /** A place where settings stand by name. */
    @FunctionalInterface
    interface Lookup {
        @Nullable String get(String name);
    }
}
