package dev.dualwrite.samples.iot.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.samples.iot.app.AckLog.Entry;
import dev.dualwrite.samples.iot.app.AckLog.Kind;
import dev.dualwrite.samples.iot.device.Beginning;
import dev.dualwrite.samples.iot.device.DeviceState;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** Two devices with two readings each from before; device 1 sent a third, of 5. */
class OwnerAuditTest {
    private final Beginning beginning = new Beginning(1, 2, 4);
    private final Acknowledged acknowledged = new Acknowledged(beginning);
    private final DeviceState one = beginning.device(1).next(5);
    private final DeviceState two = beginning.device(2);

    OwnerAuditTest() {
        acknowledged.add(new Entry(Kind.READING, 1, 3, 5));
    }

    private Findings audit(DeviceState first, DeviceState second, LongPredicate kept) {
        OwnerAudit audit = new OwnerAudit(acknowledged);
        audit.device(first);
        audit.device(second);
        history(audit, 1);
        if (kept.test(3)) {
            audit.reading(1, 3, 5);
        }
        history(audit, 2);
        return audit.end();
    }

    private void history(OwnerAudit audit, long device) {
        for (long number = 1; number <= 2; number++) {
            audit.reading(device, number, beginning.value(device, number));
        }
    }

    private Findings complete() {
        return audit(one, two, number -> true);
    }

    @Test
    void whatIsAsAcknowledgedIsFound() {
        Findings findings = complete();
        assertThat(findings).isEqualTo(new Findings(1, 1, 0, 0, 0, 4, 0, 2, 0, 0, findings.examples()));
        assertThat(findings.examples()).isEmpty();
    }

    @Test
    void anAcknowledgedReadingThatIsNotThereIsLost() {
        Findings findings = audit(one, two, number -> false);
        assertThat(findings.lost()).isEqualTo(1);
        assertThat(findings.found()).isZero();
        assertThat(findings.aggregatesWrong()).isEqualTo(1);
    }

    @Test
    void aDeviceRowThatWentBackIsWrong() {
        Findings findings = audit(beginning.device(1), two, number -> true);
        assertThat(findings.devicesWrong()).isEqualTo(1);
        assertThat(findings.aggregatesWrong()).isEqualTo(1);
    }

    @Test
    void aSlotIsThatOfTheLastSwap() {
        acknowledged.add(new Entry(Kind.SLOT, 1, 2, 0));
        acknowledged.add(new Entry(Kind.SLOT, 2, 1, 0));
        assertThat(complete().devicesWrong()).isEqualTo(2);
        assertThat(audit(one.inSlot(2), two.inSlot(1), number -> true).devicesWrong())
                .isZero();
    }

    @Test
    void aRetiredDeviceMustBeGoneAndItsHistoryNot() {
        acknowledged.add(new Entry(Kind.RETIRED, 2, 2, 0));
        assertThat(complete().devicesWrong()).isEqualTo(1);
        OwnerAudit audit = new OwnerAudit(acknowledged);
        audit.device(one);
        history(audit, 1);
        audit.reading(1, 3, 5);
        assertThat(audit.end()).satisfies(findings -> {
            assertThat(findings.devicesWrong()).isZero();
            assertThat(findings.historyLost()).isEqualTo(2);
        });
    }

    @Test
    void aNumberThatIsThereTwiceIsDoubledAndOneThatNobodyWasToldOfIsNamed() {
        OwnerAudit audit = new OwnerAudit(acknowledged);
        audit.device(one);
        audit.device(two);
        history(audit, 1);
        audit.reading(1, 3, 5);
        audit.reading(1, 3, 5);
        audit.reading(1, 4, 5);
        history(audit, 2);
        Findings findings = audit.end();
        assertThat(findings.doubled()).isEqualTo(1);
        assertThat(findings.unheardOf()).isEqualTo(1);
        assertThat(findings.lost()).isZero();
    }

    @Test
    void anotherValueThanAcknowledgedIsALoss() {
        OwnerAudit audit = new OwnerAudit(acknowledged);
        history(audit, 1);
        audit.reading(1, 3, 6);
        assertThat(audit.end().lost()).isEqualTo(1);
    }

    @Test
    void aNumberThatIsAcknowledgedTwiceMeansThatAStateWasLost() {
        acknowledged.add(new Entry(Kind.READING, 1, 3, 5));
        assertThat(complete().lost()).isEqualTo(1);
    }

    @Test
    void aReadingThatWasFoundAfterAnUnknownOutcomeIsNotAcknowledgedAndNotUnheardOf() {
        acknowledged.add(new Entry(Kind.FOUND, 2, 3, 7));
        OwnerAudit audit = new OwnerAudit(acknowledged);
        audit.device(one);
        audit.device(two.next(7));
        history(audit, 1);
        audit.reading(1, 3, 5);
        history(audit, 2);
        audit.reading(2, 3, 7);
        Findings findings = audit.end();
        assertThat(findings).isEqualTo(new Findings(1, 1, 0, 0, 0, 4, 0, 2, 0, 0, findings.examples()));
    }
}
