package dev.dualwrite.campaign;

import dev.dualwrite.Side;
import dev.dualwrite.testkit.fault.FailPoint;
import java.util.Set;
import java.util.TreeSet;

/** All fail points that faults can hit. */
final class Fail {
    private Fail() {}

    static Set<String> points() {
        Set<String> points = new TreeSet<>();
        for (Fault.Kind kind : Fault.Kind.values()) {
            for (Side side : Side.values()) {
                for (FailPoint point : FailPoint.values()) {
                    for (String seam : Fault.SEAMS) {
                        points.add(new Fault(kind, 0, 0, side, point, 1, seam, 0).where());
                    }
                }
            }
        }
        return points;
    }
}
