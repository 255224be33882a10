package dev.dualwrite.samples.iot.view;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.dualwrite.samples.iot.operate.Event;
import dev.dualwrite.samples.iot.operate.Snapshot;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws in place on a terminal: goes up as many lines as it drew last, and draws again. Thread-safe. */
public final class AnsiView implements View {
    private static final String UP = "\u001b[%dA";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";
    private static final String HIDE = "\u001b[?25l";
    private static final String SHOW = "\u001b[?25h";

    private final PrintStream out;
    private final Screen screen;
    private final int height;

    @GuardedBy("this") private final List<Event> events = new ArrayList<>();

    @GuardedBy("this") private int drawn;

    @GuardedBy("this") private @Nullable Snapshot last;

    public AnsiView(PrintStream out, Terminal terminal, Style style, long began) {
        this.out = out;
        this.screen = new Screen(terminal.width(), style, began);
        this.height = terminal.height();
        // Whoever interrupts the job gets the cursor back.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> out.print(SHOW), "cursor"));
    }

    @Override
    public synchronized void show(Snapshot snapshot) {
        last = snapshot;
        draw(screen.render(snapshot, events, height));
    }

    @Override
    public synchronized void tell(Event event) {
        events.add(event);
        if (last == null) {
            out.println(event.text()); // nothing runs yet
        }
    }

    @Override
    public synchronized void end(List<String> lines) {
        if (last != null) {
            draw(screen.render(last, events, Integer.MAX_VALUE)); // all events, to scroll back to
        }
        lines.forEach(out::println);
        out.print(SHOW);
        out.flush();
    }

    @GuardedBy("this") private void draw(List<String> lines) {
        StringBuilder text = new StringBuilder(HIDE);
        if (drawn > 0) {
            text.append(UP.formatted(drawn)).append('\r');
        }
        lines.forEach(line -> text.append(line).append(REST_OF_LINE).append('\n'));
        text.append(REST_OF_SCREEN);
        out.print(text);
        out.flush();
        drawn = lines.size();
    }
}
