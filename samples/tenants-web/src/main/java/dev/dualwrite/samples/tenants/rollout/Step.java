package dev.dualwrite.samples.tenants.rollout;

import dev.dualwrite.Side;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Where reads were answered that customers began while something was in force. Thread-safe. */
final class Step {
    private final Set<String> tenantsAtTarget = ConcurrentHashMap.newKeySet();
    private final LongAdder source = new LongAdder();
    private final LongAdder target = new LongAdder();

    /** @param by the instance and the side, as the answer says */
    void read(String tenant, String by) {
        if (by.endsWith(" " + Side.TARGET)) {
            target.increment();
            tenantsAtTarget.add(tenant);
        } else if (by.endsWith(" " + Side.SOURCE)) {
            source.increment();
        } else {
            throw new IllegalStateException("an answer of nobody: " + by);
        }
    }

    /** The tenants of which a read was answered by the target. */
    Set<String> tenantsAtTarget() {
        return Set.copyOf(tenantsAtTarget);
    }

    long at(Side side) {
        return side == Side.TARGET ? target.sum() : source.sum();
    }

    /** Part of the reads that the target has answered. */
    double share() {
        long all = at(Side.SOURCE) + at(Side.TARGET);
        return all == 0 ? 0 : (double) at(Side.TARGET) / all;
    }
}
