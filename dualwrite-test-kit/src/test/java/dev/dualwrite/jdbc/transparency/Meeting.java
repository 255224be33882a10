package dev.dualwrite.jdbc.transparency;

import dev.dualwrite.Phase;
import java.util.List;

/**
 * A call that came to something else with the library than without.
 *
 * @param refusedEarly whether a statement failed before that had not begun to run
 * @param executions how those of what is called have ended
 */
record Meeting(
        Phase phase,
        Options options,
        Script script,
        int at,
        boolean refusedEarly,
        List<Ended> executions,
        Seen bare,
        Seen wrapped) {

    /** How an execution ended with the library. */
    enum Ended {
        NEVER,
        WELL,
        FAILED,
        REFUSED;

        static Ended of(Seen seen, boolean refused) {
            return refused ? REFUSED : seen.text().startsWith("threw ") ? FAILED : WELL;
        }
    }

    Ended last() {
        return executions.isEmpty() ? Ended.NEVER : executions.get(executions.size() - 1);
    }

    Call call() {
        return script.calls().get(at);
    }

    String called() {
        return call().text();
    }

    /** Whether what is called was executed as a batch before. */
    boolean afterBatch() {
        return script.calls().subList(0, at).stream()
                .anyMatch(call ->
                        call.subject().equals(call().subject()) && call.text().endsWith("Batch()"));
    }

    /** Whether an INSERT was given to executeQuery before. */
    boolean afterQueryOfAnInsert() {
        List<Call> before = script.calls().subList(0, at);
        return before.stream()
                .filter(call -> call.text().contains(".executeQuery("))
                .map(Call::subject)
                .anyMatch(name -> before.stream()
                        .map(Call::text)
                        .anyMatch(text -> text.startsWith(name + ".executeQuery(\"INSERT")
                                || text.startsWith(name + " = c.prepareStatement(\"INSERT")));
    }
}
