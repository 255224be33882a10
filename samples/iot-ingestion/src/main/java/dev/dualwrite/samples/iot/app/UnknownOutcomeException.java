package dev.dualwrite.samples.iot.app;

import java.sql.SQLException;

/** The connection was lost during COMMIT: the transaction is stored as a whole or not at all, and nobody said which. */
final class UnknownOutcomeException extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(SQLException cause) {
        super(cause);
    }
}
