package dev.dualwrite.model;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which states each state leads to, in the order in which they were visited. */
final class Graph {
    private static final int PAGE = 1 << 16;

    private final Numbers targets = new Numbers();
    private final Numbers ends = new Numbers();

    /** Numbers, by pages. */
    private static final class Numbers {
        private final List<int[]> pages = new ArrayList<>();
        private int size;

        void add(int number) {
            if (size % PAGE == 0) {
                pages.add(new int[PAGE]);
            }
            pages.get(size / PAGE)[size % PAGE] = number;
            size++;
        }

        int get(int index) {
            return pages.get(index / PAGE)[index % PAGE];
        }
    }

    /** The state that is being visited leads to this one. */
    void leadsTo(int state) {
        targets.add(state);
    }

    /** The state that was being visited leads nowhere else. */
    void visited() {
        ends.add(targets.size);
    }

    /**
     * The first state from which no way leads to one of these; -1 if there is none.
     *
     * @param good is changed to all states from which a way leads there
     */
    int lost(BitSet good) {
        boolean changed = true;
        for (boolean up = false; changed; up = !up) {
            changed = false;
            for (int i = 0; i < ends.size; i++) {
                int state = up ? i : ends.size - 1 - i; // steps lead forward mostly, ends of actors lead back
                if (!good.get(state) && leadsInto(state, good)) {
                    good.set(state);
                    changed = true;
                }
            }
        }
        int lost = good.nextClearBit(0);
        return lost < ends.size ? lost : -1;
    }

    private boolean leadsInto(int state, BitSet good) {
        for (int i = state == 0 ? 0 : ends.get(state - 1); i < ends.get(state); i++) {
            if (good.get(targets.get(i))) {
                return true;
            }
        }
        return false;
    }
}
