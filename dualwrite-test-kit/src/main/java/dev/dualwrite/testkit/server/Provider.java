package dev.dualwrite.testkit.server;

import java.io.IOException;

/** One place where servers can come from. Looking costs seconds at most and starts nothing. */
interface Provider {

    ProviderName name();

    Finding find(ServerRequest request);

    /** What looking came to. */
    sealed interface Finding {
        /** Nothing here, which is no failure unless it was asked for. */
        record Absent(String why) implements Finding {}

        /** Something is here. It may yet turn out to be broken. */
        record Found(String what, Maker maker) implements Finding {}
    }

    /** Makes ready what was found: unpacks, looks closer. */
    @FunctionalInterface
    interface Maker {
        Opener make() throws IOException;
    }
}
