package dev.dualwrite.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Model and code stay side by side: what a step names is still there. */
class StepTest {

    @ParameterizedTest
    @EnumSource(Step.class)
    void theMethodThatAStepNamesIsDeclared(Step step) throws IOException {
        Path modules = Path.of(System.getProperty("basedir", ".")).resolve("..");
        // a declaration begins with a type or a modifier, which a call, a return and a new do not
        assertThat(Files.readString(modules.resolve(step.file())))
                .as("%s names %s in %s: move it along with the method", step, step.method(), step.file())
                .containsPattern(
                        "(?m)^ +(?!return |new |throw |else )(?:[\\w.<>?@\\[\\]]+,? )+" + step.method() + "\\(");
    }
}
