package dev.dualwrite.campaign;

import dev.dualwrite.testkit.oracle.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the clients of a child are told, in a file: each line is with the system before the client goes on, so a child
 * that is killed takes nothing of it along.
 */
final class Journal implements Ears, AutoCloseable {
    private final Writer out;

    Journal(Path file) throws IOException {
        out = Files.newBufferedWriter(file);
    }

    @Override
    public void begun(String client, long number, Attempt attempt) {
        write("B " + client + ' ' + number + ' ' + attempt.line());
    }

    @Override
    public void told(String client, long number, Attempt attempt, Answer answer) {
        write(answer + " " + client + ' ' + number + ' ' + attempt.line());
    }

    @Override
    public void read(Read read) {
        write("READ c" + read.client() + " 0 " + read.line());
    }

    @Override
    public void wrong(String client, String what) {
        write("WRONG " + client + " 0 " + what.replaceAll("\\s+", " "));
    }

    private synchronized void write(String line) {
        try {
            out.write(line + '\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    /** Tells it all to somebody else; what was begun and not answered is unknown. A line that is cut off is not said. */
    static void tell(Path file, Ears ears) throws IOException {
        Map<String, Attempt> open = new HashMap<>();
        Map<String, Long> numbers = new HashMap<>();
        String text = Files.readString(file, StandardCharsets.UTF_8);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            String[] words = line.split(" ", 4);
            String client = words[1];
            if (words[0].equals("WRONG")) {
                ears.wrong(client, words[3]);
                continue;
            }
            if (words[0].equals("READ")) {
                ears.read(Read.of(words[3]));
                continue;
            }
            Attempt attempt = Attempt.of(words[3]);
            long number = Long.parseLong(words[2]);
            if (words[0].equals("B")) {
                open.put(client, attempt);
                numbers.put(client, number);
            } else {
                open.remove(client);
                ears.told(client, number, attempt, Answer.valueOf(words[0]));
            }
        }
        open.forEach((client, attempt) -> ears.told(client, numbers.getOrDefault(client, 0L), attempt, Answer.UNKNOWN));
    }
}
