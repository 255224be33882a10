package dev.dualwrite.jdbc.runtime;

/** The version of this library, as instances write it into the registry. */
final class Version {
    static final String STRING = "0.1.0";

    private Version() {}

    /** Whether instances of that version may run beside this one: those of the same minor version, before 1.0. */
    static boolean fits(String other) {
        return series(other).equals(series(STRING));
    }

    private static String series(String version) {
        String[] parts = version.split("[.-]", -1);
        return parts.length < 2 || !parts[0].equals("0") ? parts[0] : parts[0] + "." + parts[1];
    }
}
