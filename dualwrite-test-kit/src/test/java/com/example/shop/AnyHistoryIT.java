package com.example.shop;

import dev.dualwrite.testkit.history.History;
import dev.dualwrite.testkit.history.HistoryRunner;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class AnyHistoryIT {
    @Property(tries = 3, shrinking = ShrinkingMode.FULL)
    void nothingIsLostWhateverHappens(@ForAll History history) {
        HistoryRunner.isolated().run(history);
    }
}
