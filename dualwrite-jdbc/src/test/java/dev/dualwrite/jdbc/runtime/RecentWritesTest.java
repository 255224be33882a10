package dev.dualwrite.jdbc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.jdbc.control.IntentQueue.Behind;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentWritesTest {
    private final RecentWrites writes = new RecentWrites();

    private static Behind behind(long millis) {
        return new Behind(millis, Duration.ZERO, true, Set.of());
    }

    @Test
    void aWriterMissesWhatHeWroteUntilTheQueueIsSeenWithoutIt() {
        writes.wrote("anna", Set.of("account", "entry"), 100);

        assertThat(writes.missing("anna", Set.of("account"))).isTrue();
        assertThat(writes.missing("anna", Set.of("other"))).isFalse();
        assertThat(writes.missing("berta", Set.of("account"))).isFalse();
        assertThat(writes.missing("", Set.of("entry")))
                .as("nobody in particular")
                .isTrue();

        writes.seen(behind(100), System.nanoTime());
        assertThat(writes.missing("anna", Set.of("account")))
                .as("it may be this one")
                .isTrue();
        writes.seen(behind(101), System.nanoTime());
        assertThat(writes.missing("anna", Set.of("account"))).isFalse();
        assertThat(writes.missing("", Set.of("entry"))).isFalse();
    }

    @Test
    void whatWasSeenBeforeTheCommitSaysNothing() {
        long began = System.nanoTime();
        writes.wrote("anna", Set.of("account"), 100);

        writes.seen(behind(Long.MAX_VALUE), began);

        assertThat(writes.missing("anna", Set.of("account"))).isTrue();
    }

    @Test
    void aQueueThatWasNotSeenWhollySaysNothing() {
        writes.wrote("anna", Set.of("account"), 100);

        writes.seen(new Behind(500, Duration.ZERO, false, Set.of()), System.nanoTime());

        assertThat(writes.missing("anna", Set.of("account"))).isTrue();
    }

    @Test
    void aLaterWriteOfTheSameIsWaitedForToo() {
        writes.wrote("anna", Set.of("account"), 100);
        writes.wrote("anna", Set.of("account"), 90);
        writes.wrote("anna", Set.of("account"), 200);

        writes.seen(behind(150), System.nanoTime());
        assertThat(writes.missing("anna", Set.of("account"))).isTrue();
        writes.seen(behind(201), System.nanoTime());
        assertThat(writes.missing("anna", Set.of("account"))).isFalse();
    }

    @Test
    void aWriteOfNobodyInParticularIsEverybodys() {
        writes.wrote("", Set.of("account"), 100);

        assertThat(writes.missing("anna", Set.of("account"))).isTrue();
    }

    @Test
    void writersWhoCannotBeKeptAreEverybodys() {
        for (int i = 0; i < RecentWrites.SIZE + 20_000; i++) {
            writes.wrote("writer-" + i, Set.of("account"), 100);
        }

        assertThat(writes.size()).isLessThanOrEqualTo(RecentWrites.SIZE);
        assertThat(writes.missing("somebody", Set.of("account"))).isTrue();
        for (int i = 0; i < RecentWrites.SIZE + 20_000; i += 997) {
            assertThat(writes.missing("writer-" + i, Set.of("account"))).isTrue();
        }
        writes.seen(behind(101), System.nanoTime());
        assertThat(writes.missing("somebody", Set.of("account"))).isFalse();
    }
}
