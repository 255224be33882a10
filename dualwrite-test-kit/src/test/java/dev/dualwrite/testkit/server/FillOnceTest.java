package dev.dualwrite.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FillOnceTest {

    @TempDir
    private Path directory;

    @Test
    void anEntryIsMadeOnceThoughManyAskAtOnce() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<FutureTask<Path>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FutureTask<Path> task = new FutureTask<>(() -> {
                go.await();
                return new FillOnce(directory).entry("it", to -> {
                    made.incrementAndGet();
                    Files.writeString(to.resolve("file"), "content");
                });
            });
            tasks.add(task);
            new Thread(task, "asker").start();
        }
        go.countDown();
        for (FutureTask<Path> task : tasks) {
            assertThat(task.get().resolve("file")).hasContent("content");
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void aHalfMadeEntryIsNotAnEntryAndIsMadeAnew() throws IOException {
        FillOnce cache = new FillOnce(directory);
        assertThatThrownBy(() -> cache.entry("it", to -> {
                    Files.writeString(to.resolve("half"), "");
                    throw new IOException("interrupted by life");
                }))
                .hasMessage("interrupted by life");
        assertThat(directory.resolve("it")).doesNotExist();
        Path entry = cache.entry("it", to -> Files.writeString(to.resolve("whole"), ""));
        assertThat(entry.resolve("whole")).exists();
        assertThat(entry.resolve("half")).doesNotExist();
    }
}
