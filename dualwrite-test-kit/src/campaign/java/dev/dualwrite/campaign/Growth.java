package dev.dualwrite.campaign;

import dev.dualwrite.Reader;
import dev.dualwrite.jdbc.DualWrite;
import java.util.ArrayList;
import java.util.List;

/**
 * A step by which a cohort grows.
 *
 * @param percent for a share
 * @param values of the attribute or the label
 */
record Growth(Kind kind, int percent, List<String> values) {
    static final String TENANT = "tenant";
    static final String ZONE = "zone";

    /** What readers are chosen by. */
    enum Kind {
        SHARE("drawn for a share"),
        ATTRIBUTE("by an attribute"),
        LABEL("by a label of the instance");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    Growth {
        values = List.copyOf(values);
    }

    /** One step, or two of different kinds. */
    static List<Growth> draw(Draw draw) {
        List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
        List<Growth> steps = new ArrayList<>();
        int count = draw.of(1, 1, 1, 2);
        for (int i = 0; i < count; i++) {
            Kind kind = draw.of(kinds);
            kinds.remove(kind);
            steps.add(
                    switch (kind) {
                        case SHARE -> new Growth(kind, draw.of(30, 60, 100, 100), List.of());
                        case ATTRIBUTE -> new Growth(kind, 0, draw.of(List.of("t0"), List.of("t0", "t2")));
                        case LABEL -> new Growth(kind, 0, draw.of(List.of("a"), List.of("a", "c"), List.of("c")));
                    });
        }
        return List.copyOf(steps);
    }

    /** Whether these readers are taken in; of a share, whether they may be. */
    boolean takes(Reader reader, String zone) {
        return switch (kind) {
            case SHARE -> !reader.key().isEmpty();
            case ATTRIBUTE -> values.contains(reader.attributes().get(TENANT));
            case LABEL -> values.contains(zone);
        };
    }

    /** Has an instance grow it. */
    boolean by(DualWrite dualWrite) {
        String[] some = values.toArray(String[]::new);
        switch (kind) {
            case SHARE -> dualWrite.growCohort(percent);
            case ATTRIBUTE -> dualWrite.growCohort(TENANT, some);
            case LABEL -> dualWrite.growCohort(ZONE, some);
        }
        return true;
    }
}
