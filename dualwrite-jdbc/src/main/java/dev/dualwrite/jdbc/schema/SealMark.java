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

    /**
     * Whether a trigger is one of this side's, and no copy from the other side or from another migration, which would refuse
     * everybody once this side owns.
     *
     * @param row which fence row it has to ask, as it stands in the text
     */
    public static boolean isOf(String row, String prefix, String name, String statement) {
        String text = statement.toLowerCase(Locale.ROOT);
        return name.toLowerCase(Locale.ROOT).startsWith(namesBegin(prefix))
                && text.startsWith(TEXT_BEGINS.toLowerCase(Locale.ROOT))
                && text.contains(row.toLowerCase(Locale.ROOT));
    }
}
