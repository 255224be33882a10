package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.FlipStep;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** What was done to a migration can be read afterwards: each step of a flip, and each change of phase. */
class AuditIT {
    private static final Pattern ENTRY = Pattern.compile(
            "(?<at>\\S+ \\S+) (?<side>\\w+) epoch (?<epoch>\\d+) (?<event>\\S+) by one (?<detail>.*)", Pattern.DOTALL);

    private record Row(Side side, long epoch, String event, String detail) {}

    /** The rows of some event in the order in which they were written; two servers' clocks do not order them. */
    private static List<Row> rows(DualWrite dualWrite, Side side, String event) {
        List<Row> rows = new ArrayList<>();
        for (String line : dualWrite.audit(1_000)) {
            Matcher entry = ENTRY.matcher(line);
            assertThat(entry.matches()).as(line).isTrue();
            Row row = new Row(
                    Side.valueOf(entry.group("side")),
                    Long.parseLong(entry.group("epoch")),
                    entry.group("event"),
                    entry.group("detail"));
            if (row.side() == side && row.event().startsWith(event)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static String event(FlipStep step) {
        return "flip-" + step.name().toLowerCase(Locale.ROOT);
    }

    /** The steps that are written on the side that owned, and those on the side that comes to own. */
    private static boolean onTheNextOwner(FlipStep step) {
        return step == FlipStep.LOCK_FOLLOWER || step == FlipStep.OPEN_FOLLOWER;
    }

    private static List<Row> steps(DualWrite dualWrite, Side side) {
        return rows(dualWrite, side, "flip-").stream()
                .filter(row ->
                        !row.event().equals("flip-outcome") && !row.event().equals("flip-log-position"))
                .toList();
    }

    /** @param before the epoch from which it flipped, and how many steps stood on each side by then */
    private static void assertEveryStep(
            DualWrite dualWrite, Side from, long before, Map<Side, Integer> known, long epoch) {
        for (Side side : Side.values()) {
            List<FlipStep> expected = Stream.of(FlipStep.values())
                    .filter(step -> onTheNextOwner(step) == (side != from))
                    .toList();
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(
                                    steps(dualWrite, side).stream().skip(known.getOrDefault(side, 0)))
                            .extracting(Row::event, Row::epoch)
                            .containsExactlyElementsOf(expected.stream()
                                    .map(step -> Tuple.tuple(event(step), epochAt(step, before, epoch)))
                                    .toList()));
        }
        assertThat(rows(dualWrite, from, "flip-log-position"))
                .as("where the log of the old owner stood behind the freeze")
                .anySatisfy(row -> {
                    assertThat(row.epoch()).isEqualTo(before + 1);
                    assertThat(row.detail()).isNotBlank();
                });
        assertThat(rows(dualWrite, from.other(), "flip-outcome"))
                .as("the outcome, where it owns now")
                .anySatisfy(row -> assertThat(row.detail()).contains("Flipped", "epoch=" + epoch));
    }

    private static long epochAt(FlipStep step, long before, long epoch) {
        return switch (step) {
            case PREPARE, GATE -> before;
            case FREEZE, DRAIN -> before + 1;
            case LOCK_FOLLOWER, HAND_OVER, OPEN_FOLLOWER, CLOSE_OWNER -> epoch;
        };
    }

    private static Map<Side, Integer> known(DualWrite dualWrite) {
        Map<Side, Integer> known = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            known.put(side, steps(dualWrite, side).size());
        }
        return known;
    }

    @Test
    void everyStepOfAFlipStandsThereWithItsEpochInBothDirectionsAndSoDoChangesOfPhase() throws Exception {
        try (Rig rig = Rig.shared()) {
            Node node =
                    rig.node("one", b -> b.flipBudget(Duration.ofSeconds(20))).start();
            DualWrite dualWrite = node.dualWrite();
            node.write("INSERT INTO account VALUES (1, 'someone', 1, NULL)");
            rig.log().present("account", "id", 1);
            assertThat(rows(dualWrite, Side.SOURCE, "created")).hasSize(1);
            long captured = entered(dualWrite, Phase.DUAL_WRITE);
            assertThat(dualWrite.backfill().complete()).isTrue();
            Rig.verify(dualWrite);

            FlipOutcome.Flipped there = Rig.flipped(dualWrite.flip());
            assertEveryStep(dualWrite, Side.SOURCE, captured, Map.of(), there.epoch());
            Map<Side, Integer> known = known(dualWrite);
            FlipOutcome.Flipped back = Rig.flipped(dualWrite.rollBack());
            assertEveryStep(dualWrite, Side.TARGET, there.epoch(), known, back.epoch());

            long ended = entered(dualWrite, Phase.SOURCE_ONLY);
            assertThat(rows(dualWrite, Side.SOURCE, "phase"))
                    .extracting(Row::epoch, Row::detail)
                    .containsExactly(
                            Tuple.tuple(captured, "SOURCE_ONLY -> DUAL_WRITE"),
                            Tuple.tuple(ended, "DUAL_WRITE -> SOURCE_ONLY"));
            rig.finish(rig.oracle().withoutFollower());
        }
    }

    private static long entered(DualWrite dualWrite, Phase phase) {
        PhaseOutcome outcome = dualWrite.enter(phase);
        assertThat(outcome).isInstanceOf(PhaseOutcome.Entered.class);
        return ((PhaseOutcome.Entered) outcome).epoch();
    }
}
