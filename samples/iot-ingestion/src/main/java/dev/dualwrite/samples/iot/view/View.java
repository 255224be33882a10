package dev.dualwrite.samples.iot.view;

import dev.dualwrite.samples.iot.operate.Event;
import dev.dualwrite.samples.iot.operate.Snapshot;
import java.util.List;

/** What somebody who watches sees. Thread-safe. */
public interface View {
    /** The figures of this moment. */
    void show(Snapshot snapshot);

    /** Something happened. */
    void tell(Event event);

    /** Lines that stay, below everything else. Nothing moves afterwards. */
    void end(List<String> lines);
}
