package dev.dualwrite.samples.iot.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.samples.iot.app.AckLog.Entry;
import dev.dualwrite.samples.iot.app.AckLog.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AckLogTest {
    @TempDir
    Path folder;

    @Test
    void whatWasToldIsReadInOrder() throws IOException {
        Path file = folder.resolve("log");
        List<Entry> told = List.of(
                new Entry(Kind.READING, 1, 2, -3),
                new Entry(Kind.SLOT, 4, 5, 0),
                new Entry(Kind.REGISTERED, 6, 7, 0),
                new Entry(Kind.RETIRED, 8, 9, 0),
                new Entry(Kind.FOUND, 10, 11, 12));
        try (AckLog log = new AckLog(file)) {
            log.add(told.get(0));
            log.add(told.subList(1, told.size()).toArray(Entry[]::new));
        }
        List<Entry> read = new ArrayList<>();
        AckLog.read(file, read::add);
        assertThat(read).isEqualTo(told);
    }

    @Test
    void aLogThatEndsWithinAnEntryIsRefused() throws IOException {
        Path file = folder.resolve("log");
        Files.write(file, new byte[] {'R', 0, 0}, StandardOpenOption.CREATE);
        assertThatThrownBy(() -> AckLog.read(file, entry -> {})).hasMessageContaining("within an entry");
    }
}
