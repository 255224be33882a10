package dev.dualwrite.samples.tenants.rollout;

/** The runbook cannot go on; the message says where it stopped. */
final class StoppedException extends Exception {
    private static final long serialVersionUID = 1;

    StoppedException(String message) {
        super(message);
    }
}
