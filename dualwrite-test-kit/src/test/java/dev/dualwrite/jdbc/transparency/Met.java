package dev.dualwrite.jdbc.transparency;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How often each purposeful refusal and each allowed difference was met. */
final class Met {
    private final Map<Refused, Integer> refused = new EnumMap<>(Refused.class);
    private final Map<Allowed, Integer> allowed = new EnumMap<>(Allowed.class);
    private long calls;

    void add(Refused one) {
        refused.merge(one, 1, Integer::sum);
    }

    void add(Allowed one) {
        allowed.merge(one, 1, Integer::sum);
    }

    void called() {
        calls++;
    }

    /** Entries that nothing stands for. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (Refused one : Refused.values()) {
            if (!refused.containsKey(one)) {
                missing.add(one.code());
            }
        }
        for (Allowed one : Allowed.values()) {
            if (!allowed.containsKey(one)) {
                missing.add(one.name());
            }
        }
        return missing;
    }

    @Override
    public String toString() {
        return calls + " calls, refused " + refused + ", allowed "
                + allowed.entrySet().stream()
                        .map(of -> of.getKey().name() + "=" + of.getValue())
                        .toList();
    }
}
