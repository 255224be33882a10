package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Server binaries on this machine and how to start any number of servers from them.
 *
 * @param version what the binaries are
 * @param executable the server program, or a script that {@code exec}s it
 * @param installer what makes a data directory of MariaDB; MySQL does that itself
 * @param ownOptions options that say where the binaries' own files are; may be empty
 * @param environment what the program needs in its environment
 * @param cache where a fresh data directory is kept to be copied
 * @param base where servers keep their data
 */
record Installation(
        ServerVersion version,
        Path executable,
        Path installer,
        List<String> ownOptions,
        Map<String, String> environment,
        FillOnce cache,
        Path base)
        implements Opener {

    private static final Duration INSTALL = Duration.ofMinutes(2);

    /** Counts when what a template is made with changes, so that an older one is not taken. */
    private static final int TEMPLATE_FORMAT = 1;

    Installation {
        ownOptions = List.copyOf(ownOptions);
        environment = Map.copyOf(environment);
    }

    @Override
    public Server open(Place place) throws IOException {
        return start(List.of());
    }

    /** A new server on a fresh data directory. */
    ManagedServer start(List<String> extraOptions) throws IOException {
        Path template = template();
        return ManagedServer.onData(this, data -> Trees.copy(template, data), extraOptions);
    }

    Workspace workspace() throws IOException {
        return Workspace.under(base);
    }

    /** Program and leading options; MySQL and MariaDB both want {@code --no-defaults} first. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of(executable.toString(), "--no-defaults"));
        command.addAll(ownOptions);
        return command;
    }

    private Path template() throws IOException {
        return cache.entry("template-" + version.toString().replace(' ', '-') + "-" + fingerprint(), unfinished -> {
            if (version.kind() == ServerKind.MYSQL) {
                initializeMySql(unfinished);
            } else {
                initializeMariaDb(unfinished);
            }
        });
    }

    private void initializeMySql(Path data) throws IOException {
        // The server insists on an empty directory, so its files are made beside the data.
        Path enter = Files.createTempFile("dualwrite-enter", ".sql");
        Path log = Files.createTempFile("dualwrite-initialize", ".log");
        try {
            // Without name resolution 127.0.0.1 is not localhost, and root exists at localhost only.
            Files.writeString(enter, """
                    CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '';
                    GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
                    """);
            List<String> command = command();
            command.addAll(List.of(
                    "--initialize-insecure",
                    "--datadir=" + data,
                    "--init-file=" + enter,
                    "--secure-file-priv=",
                    "--log-error=" + log,
                    "--innodb-use-native-aio=OFF",
                    "--loose-innodb-redo-log-capacity=8M"));
            ServerOptions.asOurselves(command);
            try {
                Commands.run(command, environment, INSTALL);
            } catch (IOException failed) {
                throw new IOException(failed.getMessage() + " Its log: " + Files.readString(log), failed);
            }
            // Each server makes an identity of its own.
            Files.deleteIfExists(data.resolve(ManagedServer.IDENTITY));
        } finally {
            Files.deleteIfExists(enter);
            Files.deleteIfExists(log);
        }
    }

    private void initializeMariaDb(Path data) throws IOException {
        List<String> command = new ArrayList<>(List.of(installer.toString(), "--no-defaults"));
        command.addAll(ownOptions);
        command.addAll(List.of(
                "--force",
                "--skip-name-resolve",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--innodb-log-file-size=8M",
                "--datadir=" + data));
        ServerOptions.asOurselves(command);
        Commands.run(command, environment, INSTALL);
    }

    private String fingerprint() throws IOException {
        CRC32 sum = new CRC32();
        String facts = TEMPLATE_FORMAT + "|" + executable + "|" + Files.size(executable) + "|" + version.text() + "|"
                + Files.getLastModifiedTime(executable).toMillis();
        sum.update(facts.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }
}
