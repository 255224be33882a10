package dev.dualwrite.corpus;

/** A parser of somebody else's, beside which the library's reader is held. */
interface Parser {
    /** A parser does not know the text. */
    final class NotParsedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotParsedException(Throwable cause) {
            super(cause);
        }
    }

    Take read(String sql) throws NotParsedException;
}
