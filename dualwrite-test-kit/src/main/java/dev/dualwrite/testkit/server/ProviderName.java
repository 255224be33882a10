package dev.dualwrite.testkit.server;

import java.util.Locale;

/** Where servers can come from, in the order in which they are tried. */
public enum ProviderName {
    /** Containers of a running engine that has the image already. */
    DOCKER,
    /** A server program that is installed on this machine, run as processes of our own. */
    LOCAL,
    /** MariaDB out of a jar on the class path, run as processes of our own. */
    EMBEDDED;

    /** As it is written in a property. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
