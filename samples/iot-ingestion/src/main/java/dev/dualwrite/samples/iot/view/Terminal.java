package dev.dualwrite.samples.iot.view;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The terminal that a view may draw on.
 *
 * @param width in characters
 * @param height in lines
 */
public record Terminal(int width, int height) {
    private static final int LEAST = 40;
    private static final int MOST = 140;

    /** The terminal of this process; empty if there is none that can be drawn on. */
    public static Optional<Terminal> find() {
        if ("dumb".equals(System.getenv().getOrDefault("TERM", "dumb")) || !attached()) {
            return Optional.empty();
        }
        return Optional.of(size());
    }

    /** Colours unless somebody asked for none, see no-color.org. */
    public static Style style(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty() ? Style.COLOURED : Style.NONE;
    }

    @SuppressWarnings("SystemConsoleNull") // asked for below
    private static boolean attached() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since 22 there is a console without a terminal, and a method to tell.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static Terminal size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            int space = answer.indexOf(' ');
            if (stty.waitFor(1, TimeUnit.SECONDS) && space > 0) {
                return of(Integer.parseInt(answer.substring(space + 1)), Integer.parseInt(answer.substring(0, space)));
            }
        } catch (IOException | NumberFormatException unknown) {
            return of(80, 24);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return of(80, 24);
    }

    static Terminal of(int width, int height) {
        return new Terminal(Math.max(LEAST, Math.min(MOST, width)), Math.max(12, height));
    }
}
