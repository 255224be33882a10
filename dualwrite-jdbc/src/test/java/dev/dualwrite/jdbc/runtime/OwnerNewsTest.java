package dev.dualwrite.jdbc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.FenceState;
import dev.dualwrite.Ownership;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OwnerNewsTest {
    private final AtomicReference<Ownership> seen = new AtomicReference<>(at(Side.SOURCE, FenceState.CLOSED, 0));
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    private static Ownership at(Side side, FenceState state, long epoch) {
        return new Ownership(side, state, Phase.DUAL_WRITE, epoch);
    }

    private OwnerNews news() {
        return new OwnerNews("m", seen::get, () -> Set.of("account"));
    }

    private void hear(Set<String> tables, Side owner, long epoch) {
        told.add(tables + " " + owner + " " + epoch);
    }

    private void look(OwnerNews news, Side side, FenceState state, long epoch) {
        seen.set(at(side, state, epoch));
        news.looked();
    }

    private List<String> toldBy(OwnerNews news) {
        news.close();
        return List.copyOf(told);
    }

    @Test
    void tellsEachChangeOnceInOrderAndNothingOnTheWay() {
        OwnerNews news = news();
        news.add(this::hear);
        look(news, Side.SOURCE, FenceState.OPEN, 1);
        look(news, Side.SOURCE, FenceState.OPEN, 2);
        look(news, Side.SOURCE, FenceState.FROZEN, 3);
        look(news, Side.TARGET, FenceState.CLOSED, 3);
        look(news, Side.TARGET, FenceState.OPEN, 4);
        look(news, Side.TARGET, FenceState.OPEN, 4);
        look(news, Side.SOURCE, FenceState.OPEN, 6);
        assertThat(toldBy(news)).containsExactly("[account] SOURCE 1", "[account] TARGET 4", "[account] SOURCE 6");
    }

    @Test
    void tellsWhoeverComesLaterHowItStands() {
        OwnerNews news = news();
        look(news, Side.TARGET, FenceState.OPEN, 8);
        news.add(this::hear);
        look(news, Side.TARGET, FenceState.OPEN, 8);
        assertThat(toldBy(news)).containsExactly("[account] TARGET 8");
    }

    @Test
    void tellsOnceMoreWhenOwnershipMayHaveGoneAndComeBackUnseen() {
        OwnerNews news = news();
        look(news, Side.SOURCE, FenceState.OPEN, 5);
        news.add(this::hear);
        look(news, Side.SOURCE, FenceState.OPEN, 8);
        look(news, Side.SOURCE, FenceState.OPEN, 12);
        assertThat(toldBy(news)).containsExactly("[account] SOURCE 5", "[account] SOURCE 12");
    }

    @Test
    void aListenerThatThrowsKeepsNobodyFromHearing() {
        OwnerNews news = news();
        look(news, Side.SOURCE, FenceState.OPEN, 1);
        news.add((tables, owner, epoch) -> {
            throw new IllegalStateException("planted");
        });
        news.add(this::hear);
        look(news, Side.TARGET, FenceState.OPEN, 3);
        assertThat(toldBy(news)).containsExactly("[account] SOURCE 1", "[account] TARGET 3");
    }
}
