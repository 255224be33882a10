package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A server program on this machine: the one that was named, else MySQL before MariaDB. */
final class LocalProvider implements Provider {

    private static final List<String> USUAL_PLACES =
            List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/local/mysql/bin", "/opt/homebrew/bin");

    private final List<Path> places;

    LocalProvider() {
        this(Stream.concat(
                        Stream.of(Optional.ofNullable(System.getenv("PATH"))
                                .orElse("")
                                .split(":", -1)),
                        USUAL_PLACES.stream())
                .filter(place -> !place.isEmpty())
                .map(Path::of)
                .toList());
    }

    LocalProvider(List<Path> places) {
        this.places = List.copyOf(places);
    }

    @Override
    public ProviderName name() {
        return ProviderName.LOCAL;
    }

    @Override
    public Finding find(ServerRequest request) {
        List<String> reasons = new ArrayList<>();
        for (Path program : candidates(request)) {
            try {
                ServerVersion version = ServerVersion.parse(
                        Commands.run(List.of(program.toString(), "--no-defaults", "--version"), Commands.SHORT));
                if (isUsable(version)) {
                    Installation installation = installation(program.toRealPath(), version, request);
                    return new Finding.Found(version + " (" + program + ")", () -> installation);
                }
                reasons.add(program + " is " + version + "; at least MySQL 8.0.22 or MariaDB 11.4 is needed");
            } catch (IOException | IllegalArgumentException unusable) {
                reasons.add(program + ": " + unusable.getMessage());
            }
        }
        return new Finding.Absent(reasons.isEmpty() ? "no mysqld or mariadbd found" : String.join("; ", reasons));
    }

    private List<Path> candidates(ServerRequest request) {
        return request.mysqld()
                .map(List::of)
                .orElseGet(() -> Stream.of("mysqld", "mariadbd")
                        .flatMap(name -> places.stream().map(place -> place.resolve(name)))
                        .filter(Files::isExecutable)
                        .distinct()
                        .toList());
    }

    private static boolean isUsable(ServerVersion version) {
        return version.kind() == ServerKind.MYSQL ? version.atLeast(8, 0, 22) : version.atLeast(11, 4, 0);
    }

    private static Installation installation(Path program, ServerVersion version, ServerRequest request) {
        return new Installation(
                version,
                program,
                installer(program),
                List.of(),
                Map.of(),
                new FillOnce(request.cache()),
                request.work());
    }

    /** Beside the program or in a sibling of its directory, whichever way it was packed. */
    private static Path installer(Path program) {
        Path directory = Optional.ofNullable(program.getParent()).orElseThrow();
        return Stream.of(".", "../bin", "../scripts")
                .map(near ->
                        directory.resolve(near).resolve("mariadb-install-db").normalize())
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("mariadb-install-db"));
    }
}
