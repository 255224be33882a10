package dev.dualwrite.sql;

import java.util.Set;

/**
 * What is known about every text, whatever statement it is.
 *
 * @param sql the text that was read
 * @param paramCount how many JDBC parameters it has
 * @param tables see {@link Statement#tables}
 * @param features see {@link Statement#features}
 * @param names every identifier and keyword in it, folded
 * @param unsafe the text may hide names from {@code names}
 */
public record Reading(String sql, int paramCount, Tables tables, Features features, Set<String> names, boolean unsafe) {

    /**
     * Whether the name occurs as an identifier or keyword anywhere in the text, also in executable comments. Case does
     * not matter. This never answers no for a text that names the table in plain sight; SQL inside string literals
     * ({@link Kind#PREPARED_TEXT}) and behind views, triggers or routines is out of its sight.
     */
    public boolean mentions(String name) {
        return names.contains(Names.fold(name)) || (unsafe && Names.occursIn(name, sql));
    }
}
