package dev.dualwrite.jdbc.runtime;

/** The version of this library, as instances write it into the registry. */
final class Version {
    static final String STRING = "0.1.0";

    private Version() {}
}
