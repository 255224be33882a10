package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/codes.md} lists the codes that the sources use, and no others. */
class CodesTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("..");
    private static final Pattern CODE = Pattern.compile("\\bDW-\\d{4}\\b");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (DW-\\d{4}) \\| .*\\S \\| .*\\S \\|$");

    @Test
    void listsEveryCodeOnce() throws IOException {
        List<String> listed = ROW.matcher(Files.readString(ROOT.resolve("docs/codes.md")))
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(listed).doesNotHaveDuplicates().isSorted();
        assertThat(listed).containsExactlyElementsOf(used());
    }

    private static SortedSet<String> used() throws IOException {
        SortedSet<String> codes = new TreeSet<>();
        for (String module : List.of("dualwrite-core", "dualwrite-jdbc")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
                files.filter(Files::isRegularFile).forEach(file -> codes.addAll(in(file)));
            }
        }
        return codes;
    }

    private static SortedSet<String> in(Path file) {
        SortedSet<String> codes = new TreeSet<>();
        try {
            Matcher code = CODE.matcher(Files.readString(file));
            while (code.find()) {
                codes.add(code.group());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return codes;
    }
}
