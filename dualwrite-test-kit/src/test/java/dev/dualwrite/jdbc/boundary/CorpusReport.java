package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.corpus.Form;
import dev.dualwrite.corpus.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How many statements of each form were captured, with what excess, and why the others were refused. */
final class CorpusReport {
    private static final class Line {
        private final Map<String, Integer> outcomes = new TreeMap<>();
        private int changed;
        private int captured;
    }

    private final Map<Form, Line> lines = new EnumMap<>(Form.class);

    void add(Sample sample, String outcome, int changed, int captured) {
        Line line = lines.computeIfAbsent(sample.form(), ignored -> new Line());
        line.outcomes.merge(outcome, 1, Integer::sum);
        line.changed += changed;
        line.captured += captured;
    }

    /** Where it is not as is expected. */
    List<String> surprises(boolean whole) {
        List<String> surprises = new ArrayList<>();
        Expected.list().forEach((form, expected) -> {
            Line line = lines.getOrDefault(form, new Line());
            Set<String> outcomes = new TreeSet<>(line.outcomes.keySet());
            outcomes.removeAll(expected.always());
            outcomes.removeAll(expected.sometimes());
            if (!outcomes.isEmpty()) {
                surprises.add(form + ": not expected " + outcomes);
            }
            if (whole && !line.outcomes.keySet().containsAll(expected.always())) {
                surprises.add(form + ": expected " + expected.always() + ", not only " + line.outcomes.keySet());
            }
            int all =
                    line.outcomes.values().stream().mapToInt(Integer::intValue).sum();
            if (whole && line.outcomes.getOrDefault("ran", 0) * 100 < expected.percent() * all) {
                surprises.add(form + ": ran less than " + expected.percent() + " % of " + all);
            }
            if (line.captured - line.changed > expected.excess() * all) {
                surprises.add(form + ": " + line.captured + " keys for " + line.changed + " changed rows");
            }
        });
        return surprises;
    }

    /**
     * Of one form.
     *
     * @param always what must occur among many statements
     * @param sometimes what may
     * @param percent how many must run at least
     * @param excess how many keys more than changed rows there may be, for each statement
     */
    private record Expected(Set<String> always, Set<String> sometimes, int percent, int excess) {
        /** In every form there are executable comments, by which a text is not understood. */
        private static final Set<String> ANYWHERE = Set.of("DW-2021");

        private static final Set<String> ANY_INSERT =
                Set.of("DW-2021", "DW-2029", "DW-2030", "DW-2031", "DW-2032", "failed");

        private static final Set<String> ANY_CHANGE =
                Set.of("DW-2021", "DW-2029", "DW-2031", "DW-2032", "DW-2034", "failed");

        private static Expected refused(String code) {
            return new Expected(Set.of(code), Set.of("DW-2021", "DW-2030"), 0, 0);
        }

        private static Expected captured(Set<String> sometimes, int percent, int excess) {
            return new Expected(Set.of("ran"), sometimes, percent, excess);
        }

        static Map<Form, Expected> list() {
            Map<Form, Expected> expected = new EnumMap<>(Form.class);
            for (Form form : Form.values()) {
                expected.put(
                        form,
                        switch (form) {
                            case INSERT_VALUES -> captured(ANY_INSERT, 20, 1);
                            case INSERT_SET -> captured(ANY_INSERT, 30, 1);
                            case UPDATE -> captured(ANY_CHANGE, 50, 2);
                            case UPDATE_OF_KEYS -> captured(ANY_CHANGE, 30, 2);
                            case DELETE -> captured(ANY_CHANGE, 60, 2);
                            case OUTSIDE ->
                                captured(Set.of("DW-2001", "DW-2003", "DW-2005", "DW-2021", "failed"), 60, 0);
                            case SELECT -> captured(ANYWHERE, 80, 0);
                            case INSERT_SELECT, INSERT_VALUES_ROW -> refused("DW-2002");
                            case INSERT_ON_DUPLICATE, INSERT_ROW_ALIAS -> refused("DW-2003");
                            case INSERT_IGNORE, UPDATE_IGNORE, DELETE_IGNORE -> refused("DW-2004");
                            case INSERT_RETURNING, DELETE_RETURNING -> refused("DW-2008");
                            case REPLACE_VALUES, REPLACE_SELECT -> refused("DW-2001");
                            case UPDATE_LIMIT, UPDATE_ORDERED, DELETE_LIMIT -> refused("DW-2005");
                            case UPDATE_JOIN, DELETE_JOIN, DELETE_USING -> refused("DW-2006");
                            case UPDATE_WITH, DELETE_WITH -> refused("DW-2007");
                            case UPDATE_HINTED -> refused("DW-2039");
                            case THROUGH_VIEW -> refused("DW-2022");
                        });
            }
            return expected;
        }
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder("form | changed | captured | outcomes\n");
        lines.forEach((form, line) -> table.append(form)
                .append(" | ")
                .append(line.changed)
                .append(" | ")
                .append(line.captured)
                .append(" | ")
                .append(line.outcomes)
                .append('\n'));
        return table.toString();
    }
}
