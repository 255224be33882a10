package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Changes by virtual threads where there are any, and the flight recorder's word that none was pinned by the library. */
final class VirtualThreads {
    private static final String PINNED = "jdk.VirtualThreadPinned";
    private static final int THREADS = 24;

    private VirtualThreads() {}

    static void update(Stage stage, List<Integer> ids) throws Exception {
        if (Runtime.version().feature() < 21) {
            try (Connection connection = stage.connect()) {
                for (int id : ids) {
                    OnStage.update(connection, "UPDATE item SET v = v + 1 WHERE id = " + id);
                }
            }
            return;
        }
        Path file = Files.createTempFile("pinned", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(PINNED).withoutThreshold().withStackTrace();
            recording.start();
            run(stage, ids);
            recording.stop();
            recording.dump(file);
            assertThat(RecordingFile.readAllEvents(file).stream()
                            .filter(event -> event.getEventType().getName().equals(PINNED))
                            .filter(VirtualThreads::inTheLibrary))
                    .isEmpty();
        } finally {
            Files.delete(file);
        }
    }

    private static void run(Stage stage, List<Integer> ids) throws Exception {
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            List<Future<?>> changes = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int id = ids.get(i % ids.size());
                changes.add(threads.submit(() -> {
                    try (Connection connection = stage.connect()) {
                        connection.setAutoCommit(false);
                        OnStage.update(connection, "UPDATE item SET v = v + 1 WHERE id = " + id);
                        connection.commit();
                    }
                    return id;
                }));
            }
            for (Future<?> change : changes) {
                change.get(Duration.ofSeconds(60).toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            threads.shutdown();
        }
    }

    /** Whether the frame that held the thread, or one that called it, is of the library, and not of a pool or driver alone. */
    private static boolean inTheLibrary(RecordedEvent event) {
        return event.getStackTrace() != null
                && event.getStackTrace().getFrames().stream()
                        .map(RecordedFrame::getMethod)
                        .limit(3)
                        .anyMatch(method -> method.getType().getName().startsWith("dev.dualwrite.jdbc."));
    }
}
