package dev.dualwrite.samples.iot.app;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process was told to be committed, in a file that only grows. Every entry is handed to the operating system
 * before the device goes on, so it outlives the process. 25 bytes an entry: kind, device, two numbers. Thread-safe.
 */
public final class AckLog implements AutoCloseable {
    private static final int BYTES = 1 + 3 * Long.BYTES;

    private final OutputStream out;

    AckLog(Path file) throws IOException {
        this.out = Files.newOutputStream(file);
    }

    /** What was told. The two numbers of an entry are named here. */
    public enum Kind {
        /** Number of the reading, value. */
        READING('R'),
        /** The slot the device is in now. */
        SLOT('S'),
        /** The slot of a device that is new. */
        REGISTERED('N'),
        /** The counter of a device that is gone. */
        RETIRED('X'),
        /** Number and value of a reading that was found after its commit had not been answered. */
        FOUND('F');

        private final char code;

        Kind(char code) {
            this.code = code;
        }

        private static Kind of(int code) throws IOException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IOException("no entry of a log of acknowledgements begins with " + code);
        }
    }

    /** One thing that was told. */
    public record Entry(Kind kind, long device, long first, long second) {}

    /** Writes entries that were told together. */
    void add(Entry... entries) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES * entries.length);
        for (Entry entry : entries) {
            bytes.put((byte) entry.kind().code)
                    .putLong(entry.device())
                    .putLong(entry.first())
                    .putLong(entry.second());
        }
        synchronized (out) {
            try {
                out.write(bytes.array());
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("the log of acknowledgements cannot be written", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (out) {
            out.close();
        }
    }

    /** Reads a whole log, in order. */
    public static void read(Path file, Reader reader) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            while (true) {
                int code = in.read();
                if (code < 0) {
                    return;
                }
                reader.entry(new Entry(Kind.of(code), in.readLong(), in.readLong(), in.readLong()));
            }
        } catch (EOFException half) {
            throw new IOException("the log of acknowledgements " + file + " ends within an entry", half);
        }
    }

    /** Is given one entry after the other. */
    @FunctionalInterface
    public interface Reader {
        void entry(Entry entry);
    }
}
