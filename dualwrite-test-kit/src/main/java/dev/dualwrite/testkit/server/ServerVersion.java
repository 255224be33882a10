package dev.dualwrite.testkit.server;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says it is. Read from {@code SELECT VERSION()} or from {@code --version}, both of which name MariaDB
 * where it is one; the driver's product name does not.
 *
 * @param kind MySQL or MariaDB
 * @param major the first number
 * @param minor the second number
 * @param patch the third number
 * @param text the words it was read from
 */
public record ServerVersion(ServerKind kind, int major, int minor, int patch, String text) {

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

    /**
     * Reads a version.
     *
     * @throws IllegalArgumentException if the text holds no three numbers separated by dots
     */
    public static ServerVersion parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.find()) {
            throw new IllegalArgumentException("No server version in: " + text);
        }
        return new ServerVersion(
                text.toLowerCase(Locale.ROOT).contains("mariadb") ? ServerKind.MARIADB : ServerKind.MYSQL,
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                Integer.parseInt(numbers.group(3)),
                text.strip());
    }

    /** True if this is the given version or a later one of the same kind. */
    public boolean atLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
        if (major != wantedMajor) {
            return major > wantedMajor;
        }
        return minor != wantedMinor ? minor > wantedMinor : patch >= wantedPatch;
    }

    /** For people: the kind and the numbers. */
    @Override
    public String toString() {
        return (kind == ServerKind.MARIADB ? "MariaDB " : "MySQL ") + major + "." + minor + "." + patch;
    }
}
