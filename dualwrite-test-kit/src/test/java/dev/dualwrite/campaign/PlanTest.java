package dev.dualwrite.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.testkit.oracle.Answer;
import dev.dualwrite.testkit.oracle.Write;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a campaign draws, and what it remembers of a child that dies. */
class PlanTest {

    @Test
    void theSameSeedDrawsTheSamePlan() {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(Plan.of(seed)).isEqualTo(Plan.of(seed));
            Draw one = Plan.of(seed).load(3);
            Draw two = Plan.of(seed).load(3);
            for (int i = 0; i < 20; i++) {
                assertThat(one.between(0, 99)).isEqualTo(two.between(0, 99));
            }
        }
    }

    @Test
    void everyKindOfKeyStepCohortReaderFaultStatementAndSeamIsDrawn() {
        Set<KeyKind> keys = EnumSet.noneOf(KeyKind.class);
        Set<Step.Act> acts = EnumSet.noneOf(Step.Act.class);
        Set<String> points = new HashSet<>();
        Set<Growth.Kind> growths = EnumSet.noneOf(Growth.Kind.class);
        Set<Boolean> known = new HashSet<>();
        for (long seed = 0; seed < 20_000; seed++) {
            Plan plan = Plan.of(seed);
            plan.tables().forEach(table -> keys.add(table.key()));
            plan.cohort().forEach(growth -> growths.add(growth.kind()));
            known.add(plan.reader(Run.FIRST_OF_CHILD).key().isEmpty());
            plan.steps().forEach(step -> acts.add(step.act()));
            plan.faults().forEach(fault -> points.add(fault.where()));
        }
        assertThat(keys).containsExactlyInAnyOrder(KeyKind.values());
        assertThat(acts).containsExactlyInAnyOrder(Step.Act.values());
        assertThat(growths).containsExactlyInAnyOrder(Growth.Kind.values());
        assertThat(known).containsExactlyInAnyOrder(true, false);
        assertThat(points).containsExactlyInAnyOrderElementsOf(Fail.points());
    }

    @Test
    void aPlanKillsItsChildOnceAtTheMost() {
        for (long seed = 0; seed < 5_000; seed++) {
            assertThat(Plan.of(seed).faults().stream()
                            .filter(fault ->
                                    fault.kind() == Fault.Kind.CHILD_KILL || fault.kind() == Fault.Kind.CHILD_HALT_AT))
                    .hasSizeLessThan(2);
        }
    }

    @Test
    void whatAChildBeganAndWasNotAnsweredIsUnknown(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("journal");
        Read read = new Read(1, Route.AUTOCOMMIT, Read.Elsewhere.NO, "c", Side.SOURCE, 3, 4);
        Attempt answered = new Attempt();
        answered.add(Write.put("t1", "3/b3", "c1-1.0;"));
        answered.raise(1, "c1-1.1;");
        Attempt open = new Attempt();
        open.add(Write.append("t1", "3/b3", "c1-2.0;"));
        open.add(Write.delete("t2", "k-4"));
        open.inserts("t3", "c1-2.1;");
        try (Journal journal = new Journal(file)) {
            journal.begun("c1", 1, answered);
            journal.told("c1", 1, answered, Answer.COMMITTED);
            journal.begun("c1", 2, open);
            journal.read(read);
            journal.wrong("c2", "read\nsomething else");
        }
        Files.writeString(file, Files.readString(file) + "COMMITTED c1 2 - w,t1,3"); // it died here
        List<String> told = new ArrayList<>();
        List<Read> reads = new ArrayList<>();
        Journal.tell(file, new Ears() {
            @Override
            public void begun(String client, long number, Attempt attempt) {
                told.add("begun");
            }

            @Override
            public void told(String client, long number, Attempt attempt, Answer answer) {
                told.add(client + ' ' + number + ' ' + answer + ' ' + attempt.line());
            }

            @Override
            public void read(Read one) {
                reads.add(one);
            }

            @Override
            public void wrong(String client, String what) {
                told.add(client + " wrong " + what);
            }
        });
        assertThat(reads).containsExactly(read);
        assertThat(told)
                .containsExactly(
                        "c1 1 COMMITTED - w,t1,3/b3,PUT,c1-1.0; r,1,c1-1.1;",
                        "c2 wrong read something else",
                        "c1 2 UNKNOWN - w,t1,3/b3,APPEND,c1-2.0; w,t2,k-4,DELETE, o,t3,c1-2.1;");
    }
}
