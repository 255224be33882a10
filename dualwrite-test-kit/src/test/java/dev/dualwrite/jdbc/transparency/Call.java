package dev.dualwrite.jdbc.transparency;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * One call of an application.
 *
 * @param text for people
 * @param body makes it, and answers what it came to
 * @param refusals by which of these the boundary may refuse it
 * @param instead what the bare side does in the place of a call that was refused
 */
record Call(String text, Body body, Set<Refused> refusals, Body instead) {

    interface Body {
        Object on(Host host) throws SQLException;
    }

    static final String KEPT_AS = ", kept as ";

    private static final Body NOTHING = host -> "";

    Call(String text, Body body) {
        this(text, body, Set.of(), NOTHING);
    }

    Call(String text, Body body, Set<Refused> refusals) {
        this(text, body, refusals, NOTHING);
    }

    /** The name of what is called. */
    String subject() {
        return text.split("[. \\[]", 2)[0];
    }

    /** The name by which later calls know what it answers. */
    Optional<String> keptAs() {
        int at = text.indexOf(KEPT_AS);
        return at < 0 ? Optional.empty() : Optional.of(text.substring(at + KEPT_AS.length()));
    }

    /** Whether it asks something of what has this name. */
    boolean asks(String name) {
        return subject().equals(name) || text.endsWith(" " + name);
    }

    boolean executes() {
        return text.contains(".execute");
    }

    Seen on(Host host) {
        return Seen.of(host, body);
    }

    @Override
    public String toString() {
        return text;
    }
}
