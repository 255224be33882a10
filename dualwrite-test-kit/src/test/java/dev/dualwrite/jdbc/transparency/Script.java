package dev.dualwrite.jdbc.transparency;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The calls of one transaction of an application, or of some in autocommit; from taking a connection to giving it back. */
record Script(Realm realm, List<Call> calls) {

    Script without(int call) {
        List<Call> rest = new ArrayList<>(calls);
        rest.remove(call);
        return new Script(realm, rest);
    }

    Script upTo(int call) {
        return new Script(realm, calls.subList(0, call + 1));
    }

    @Override
    public String toString() {
        return calls.stream().map(call -> "  " + call).collect(Collectors.joining("\n"));
    }
}
