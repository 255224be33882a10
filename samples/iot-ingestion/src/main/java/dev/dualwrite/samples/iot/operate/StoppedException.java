package dev.dualwrite.samples.iot.operate;

/** The course cannot go on: something was tried as often as was allowed. */
final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    StoppedException(String message) {
        super(message);
    }
}
