package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Containers, by Testcontainers, if that is on the class path and nothing would have to be pulled. What Testcontainers
 * itself would pull, and wait minutes for, counts.
 */
final class DockerProvider implements Provider {

    @Override
    public ProviderName name() {
        return ProviderName.DOCKER;
    }

    @Override
    public Finding find(ServerRequest request) {
        try {
            Class.forName("org.testcontainers.mysql.MySQLContainer", false, DockerProvider.class.getClassLoader());
        } catch (ClassNotFoundException absent) {
            return new Finding.Absent("org.testcontainers:testcontainers-mysql is not on the class path");
        }
        try {
            DockerEngine engine = DockerEngine.at(request.dockerHost());
            engine.ping();
            Optional<String> obstacle = obstacle(engine, request.image());
            if (obstacle.isPresent()) {
                return new Finding.Absent(obstacle.get());
            }
        } catch (IOException unreachable) {
            return new Finding.Absent(String.valueOf(unreachable.getMessage()));
        }
        // Named only here, so that the class that needs Testcontainers is not loaded without it.
        return new Finding.Found("containers of " + request.image(), () -> new DockerServers(request.image()));
    }

    private static Optional<String> obstacle(DockerEngine engine, String image) throws IOException {
        if (!engine.hasImage(image)) {
            return Optional.of("the engine has no image " + image + ", and none is pulled here");
        }
        if (!"true".equalsIgnoreCase(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))
                && !engine.hasAnyOf("testcontainers/ryuk")) {
            return Optional.of("Testcontainers would pull testcontainers/ryuk;"
                    + " pull it, or set TESTCONTAINERS_RYUK_DISABLED=true");
        }
        if (Files.exists(Path.of("/.dockerenv")) && System.getenv("TESTCONTAINERS_HOST_OVERRIDE") == null) {
            return Optional.of("inside a container Testcontainers would pull an image to find its host;"
                    + " set TESTCONTAINERS_HOST_OVERRIDE");
        }
        return Optional.empty();
    }
}
