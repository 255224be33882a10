package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A rule that is taken out of a copy of the library, to see whether a test notices.
 *
 * @param name what is planted
 * @param file the source, from the folder of the modules
 * @param edits texts and what they become; each must be there exactly once
 */
public record PlantedBug(String name, String file, List<Edit> edits) {

    /** A text and what it becomes. Line breaks of the formatter do not matter. */
    public record Edit(String from, String to) {}

    public PlantedBug {
        edits = List.copyOf(edits);
    }

    /** Compiles the copy into a folder, to be put in front of a class path. */
    public void compile(Path modules, Path into) throws IOException {
        String source = Files.readString(modules.resolve(file));
        for (Edit edit : edits) {
            String pattern =
                    Arrays.stream(edit.from().split("\\s+")).map(Pattern::quote).collect(Collectors.joining("\\s+"));
            pattern = pattern.replace("\\.", "\\s*\\.");
            Matcher matcher = Pattern.compile(pattern).matcher(source);
            assertThat(matcher.results().count())
                    .as("'%s' in %s: the rule moved, move the planted bug with it", edit.from(), file)
                    .isEqualTo(1);
            source = matcher.replaceFirst(Matcher.quoteReplacement(edit.to()));
        }
        Path copy = into.resolve("source").resolve(Path.of(file).getFileName());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-nowarn",
                                    "-classpath",
                                    System.getProperty("java.class.path"),
                                    "-d",
                                    into.toString()),
                            null,
                            files.getJavaFileObjects(copy.toFile()))
                    .call();
            assertThat(compiled).as("the planted copy compiles: %s", said).isTrue();
        }
    }
}
