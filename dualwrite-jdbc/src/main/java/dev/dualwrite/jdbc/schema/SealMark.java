package dev.dualwrite.jdbc.schema;

import java.util.Locale;

/** By what a trigger of the seal is told from others: by its name and by what it asks first. */
public final class SealMark {
    /** Set in the sessions of the library's own pools, which the seal lets pass. */
    public static final String PASS = "@dualwrite_converges";

    /** How the text of such a trigger begins. */
    public static final String TEXT_BEGINS = "IF " + PASS + " IS NULL THEN ";

    private SealMark() {}

    /** What their names begin with, in lower case. */
    public static String namesBegin(String prefix) {
        return prefix.toLowerCase(Locale.ROOT) + "seal_";
    }

    static boolean isOn(String prefix, String name, String statement) {
        return name.toLowerCase(Locale.ROOT).startsWith(namesBegin(prefix))
                && statement.toLowerCase(Locale.ROOT).startsWith(TEXT_BEGINS.toLowerCase(Locale.ROOT));
    }
}
