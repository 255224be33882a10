package dev.dualwrite.coverage.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceScanTest {
    @TempDir
    private Path folder;

    private SourceScan scan(String name, String text) throws IOException {
        return SourceScan.of(List.of(Files.writeString(folder.resolve(name + ".java"), text)));
    }

    private static TestName test(String type, String method) {
        return new TestName(type, method);
    }

    @Test
    void numbersAreFoundOnClassesAndMethodsInEveryWayOfWritingThem() throws IOException {
        SourceScan scan = scan("SomeIT", """
                @dev.dualwrite.coverage.Scenario(1)
                class SomeIT {
                    @Scenario(2) @Test void one() {}
                    @Scenario({2, 3}) @ParameterizedTest(name = "{0}") void two(int n) {}
                    @Scenario(value = {4}) @Requirement(5) @Test void three() {}
                    // @Scenario(6)
                    /** {@code @Scenario(7)} */
                    @Test void four() { String text = "@Scenario(8)"; }
                }""");
        assertThat(scan.problems()).isEmpty();
        assertThat(scan.scenarios().keySet()).containsExactly(1, 2, 3, 4);
        assertThat(scan.scenarios().get(1)).containsExactly(test("SomeIT", ""));
        assertThat(scan.scenarios().get(2)).containsExactly(test("SomeIT", "one"), test("SomeIT", "two"));
        assertThat(scan.requirements().keySet()).containsExactly(5);
        assertThat(scan.requirements().get(5)).containsExactly(test("SomeIT", "three"));
    }

    @Test
    void whatTheBuildDoesNotRunProvesNothing() throws IOException {
        SourceScan scan = scan("Some", """
                @Scenario(1)
                class Some {
                    @Scenario(2) @Test void inAClassThatIsNotFound() {}
                }
                class OtherTest {
                    @Scenario(3) void noTest() {}
                    @Scenario(4) @Disabled @Test void off() {}
                    @Scenario(NUMBER) @Test void notReadable() {}
                    @Scenario({5, 5}) @Test void twice() {}
                }""");
        assertThat(scan.problems())
                .containsExactly(
                        "NUMBER is not a number as it is written",
                        "OtherTest#noTest says what it proves and is not run by the build",
                        "OtherTest#off says what it proves and is not run by the build",
                        "OtherTest#twice names 5 twice",
                        "Some says what it proves and is not run by the build",
                        "Some#inAClassThatIsNotFound says what it proves and is not run by the build");
    }
}
