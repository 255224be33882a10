package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the application's threads run takes no lock while it waits for a server, and keeps nothing by thread: it takes no
 * lock at all. Looked up in the bytecode.
 */
class LocksTest {
    private static final Pattern LOCK =
            Pattern.compile("\\bmonitorenter\\b|\\bsynchronized\\b|java[./]util[./]concurrent[./]locks[./]"
                    + "|java[./]lang[./](Inheritable)?ThreadLocal\\b"
                    // what a cache makes by itself, it makes with others kept waiting
                    + "|caffeine/cache/\\w*Cache\\.get:|concurrent/Concurrent\\w*Map\\.(compute|merge)");

    private static List<String> locks(List<Path> classes) {
        ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
        String[] arguments = Stream.concat(
                        Stream.of("-c", "-p"), classes.stream().map(Path::toString))
                .toArray(String[]::new);
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int failed = javap.run(new PrintWriter(out), new PrintWriter(errors), arguments);
        assertThat(failed).as(errors.toString()).isZero();
        return out.toString().lines().filter(LOCK.asPredicate()).toList();
    }

    private static List<Path> classes(String root, String names) throws IOException {
        Path directory = Path.of("target", root, "dev", "dualwrite", "jdbc");
        Pattern pattern = Pattern.compile(names);
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> pattern.matcher(
                                    directory.relativize(file).toString().replace('\\', '/'))
                            .matches())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boundary", "control"})
    void nothingIsLockedOrKeptByThread(String part) throws Exception {
        List<Path> classes = classes("classes", part + "/.*\\.class");
        assertThat(classes).hasSizeGreaterThan(15);
        assertThat(locks(classes)).isEmpty();
    }

    /** Everything that the other test is to find. */
    @SuppressWarnings({"ThreadLocalUsage", "UnusedMethod", "UnusedVariable"})
    private static final class Locking {
        private final ThreadLocal<String> own = new ThreadLocal<>();
        private final ReentrantLock lock = new ReentrantLock();
        private final ConcurrentMap<String, String> map = new ConcurrentHashMap<>();

        synchronized String method() {
            return "";
        }

        String block() {
            synchronized (map) {
                return "";
            }
        }

        String computed() {
            return map.computeIfAbsent("", key -> key);
        }
    }

    @Test
    void lockingIsFoundWhereThereIsSome() throws Exception {
        List<String> found =
                locks(classes("test-classes", "boundary/LocksTest." + Locking.class.getSimpleName() + "\\.class"));
        assertThat(found).anyMatch(line -> line.contains("ThreadLocal"));
        assertThat(found).anyMatch(line -> line.contains("ReentrantLock"));
        assertThat(found).anyMatch(line -> line.contains("synchronized"));
        assertThat(found).anyMatch(line -> line.contains("monitorenter"));
        assertThat(found).anyMatch(line -> line.contains("computeIfAbsent"));
    }
}
