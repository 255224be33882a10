package dev.dualwrite.testkit.server;

import java.io.Serial;

/** No two servers can be had, or not from the provider that was asked for. The message says why, for each that was tried. */
public final class ServersUnavailableException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    ServersUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    ServersUnavailableException(String message) {
        super(message);
    }
}
