package dev.dualwrite.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChildJvmTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** Repeats lines; ends with a code when told to. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] arguments) throws Exception {
            System.out.println("READY " + String.join(",", arguments) + " " + System.getProperty("colour"));
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("exit ")) {
                    System.exit(Integer.parseInt(line.substring(5)));
                }
                System.out.println("noise");
                System.out.println("ECHO " + line);
            }
        }
    }

    /** Starts an {@link Echo} and waits. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            ChildJvm child = ChildJvm.start(Echo.class);
            child.awaitLine("READY", LONG);
            child.pause();
            System.out.println("CHILD " + child.pid());
            System.in.read();
        }
    }

    @Test
    void talksByLinesAndEndsWithItsCode() throws Exception {
        try (ChildJvm child = ChildJvm.of(Echo.class)
                .arguments("a", "b c")
                .property("colour", "grün")
                .jvmOptions("-Xmx64m", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8")
                .start()) {
            assertThat(child.awaitLine("READY ", LONG)).startsWith("a,b c gr");
            child.send("hello");
            assertThat(child.awaitLine("ECHO ", LONG)).isEqualTo("hello");
            child.send("exit 7");
            assertThat(child.exitCode(LONG)).isEqualTo(7);
            assertThat(child.output()).contains("noise");
        }
    }

    @Test
    void aLineThatNeverComesIsAFailureWithAllThatDid() throws Exception {
        try (ChildJvm child = ChildJvm.start(Echo.class)) {
            child.awaitLine("READY", LONG);
            child.send("exit 0");
            assertThatThrownBy(() -> child.awaitLine("ECHO", LONG))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("The child ended")
                    .hasMessageContaining("READY");
        }
    }

    @Test
    void aStoppedChildSaysNothingAndGoesOn() throws Exception {
        try (ChildJvm child = ChildJvm.start(Echo.class)) {
            child.awaitLine("READY", LONG);
            child.pause();
            child.send("late");
            assertThatThrownBy(() -> child.awaitLine("ECHO", Duration.ofMillis(200)))
                    .isInstanceOf(AssertionError.class);
            child.resume();
            assertThat(child.awaitLine("ECHO ", LONG)).isEqualTo("late");
        }
    }

    @Test
    void aKilledChildIsGone() throws Exception {
        try (ChildJvm child = ChildJvm.start(Echo.class)) {
            child.awaitLine("READY", LONG);
            child.kill();
            assertThat(child.isAlive()).isFalse();
            assertThat(child.exitCode(LONG)).isEqualTo(137);
        }
    }

    @Test
    void aKilledParentTakesItsChildAlongEvenAStoppedOne() throws Exception {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            long grandchild = Long.parseLong(parent.awaitLine("CHILD ", LONG));
            assertThat(ProcessHandle.of(grandchild)).isPresent();
            parent.kill();
            Eventually.eventually()
                    .until(
                            "the grandchild ends",
                            () -> ProcessHandle.of(grandchild)
                                    .map(handle -> !handle.isAlive())
                                    .orElse(true));
        }
    }
}
