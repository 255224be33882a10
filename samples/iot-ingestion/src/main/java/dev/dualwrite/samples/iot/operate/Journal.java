package dev.dualwrite.samples.iot.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** All events, and who wants to know of them. Thread-safe; a listener is called by the thread that tells. */
public final class Journal {
    private static final int ERRORS = 40;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();

    /** Wants to know of everything from now on. */
    public void listen(Consumer<Event> listener) {
        listeners.add(listener);
    }

    /** Something happened. */
    public void tell(Event.Kind kind, String text) {
        if (kind == Event.Kind.ERROR && count(Event.Kind.ERROR) >= ERRORS) {
            return; // the counters go on; more words of the same kind help nobody
        }
        Event event = new Event(System.currentTimeMillis(), kind, text);
        events.add(event);
        listeners.forEach(listener -> listener.accept(event));
    }

    /** See {@link Event.Kind#STEP}. */
    public void step(String text) {
        tell(Event.Kind.STEP, text);
    }

    private long count(Event.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).count();
    }

    /** Everything so far. */
    public List<Event> events() {
        return new ArrayList<>(events);
    }
}
