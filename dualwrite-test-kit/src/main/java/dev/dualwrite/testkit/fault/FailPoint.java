package dev.dualwrite.testkit.fault;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A step of the protocol, known by the statement that it sends, so that a test can stand right before it or right after it:
 *
 * <pre>{@code
 * kit.source().libraryNetwork().cutNext(Moment.AFTER, FailPoint.HAND_OVER);
 * kit.target().libraryNetwork().holdNext(FailPoint.LOCK_LANES);
 * }</pre>
 *
 * <p>A statement belongs to one step at most. Which activity sends it depends on the network: on the application's way the owner
 * is asked by transactions of the host, on the library's way both sides are asked by convergers, backfill, verification, flips and
 * recovery. What is sent as a statement that the server prepared before is not recognised, nor are control tables with a prefix
 * of one's own.
 */
public enum FailPoint implements Predicate<Statement> {
    /** Somebody reads which side owns: a transaction of the host before it writes, and whoever works on the follower. */
    READ_FENCE(control("SELECT (?!.*FOR UPDATE)", "fence", "")),
    /** A transaction leaves its intents, right before its commit or, if there are many, between its statements. */
    WRITE_INTENTS(control("INSERT", "intent", "")),
    /** Rows are inserted: on the owner by the host, on the follower by a converger or a chunk. */
    INSERT_ROWS(rows("(?:INSERT|REPLACE)\\b")),
    /** Rows are updated; as {@link #INSERT_ROWS}. */
    UPDATE_ROWS(rows("UPDATE\\b")),
    /** Rows are deleted; as {@link #INSERT_ROWS}. */
    DELETE_ROWS(rows("DELETE\\b")),
    /** A transaction ends well, whoever's it is. */
    COMMIT(Statement.COMMIT),

    /** A converger looks for intents. */
    READ_INTENTS(control("SELECT lane", "intent", "")),
    /** A converger takes the lanes of its units on the follower. */
    LOCK_LANES(control("SELECT", "lane", "")),
    /** Rows are read, of the owner and of the follower, by a converger or a chunk; or by the host. */
    READ_ROWS(rows("SELECT\\b(?!.*BIT_XOR\\()(?=.*\\bFROM\\b)")),
    /** What is converged is taken out of the queue. */
    REMOVE_INTENTS(control("DELETE", "intent", "")),
    /** What is converged is marked and stays in the queue, to be verified again before a flip. */
    MARK_INTENTS(control("UPDATE", "intent", "")),
    /** What the follower refuses is parked. */
    PARK(control("INSERT", "parked", "")),

    /** A backfill says on the follower's fence that it is there, or that it is over. */
    SWITCH_BACKFILL(control("UPDATE", "fence", " SET backfill = ")),
    /** A step of a backfill takes its chunk. */
    CLAIM_CHUNK(control("SELECT state", "backfill_chunk", "")),
    /** A step of a backfill says how far its chunk is. */
    ADVANCE_CHUNK(control("UPDATE", "backfill_chunk", "")),

    /** A verification begins. */
    BEGIN_VERIFICATION(control("INSERT", "verification", "")),
    /** The digest of a range of rows is computed. */
    DIGEST_ROWS(rows("SELECT\\b(?=.*BIT_XOR\\()")),
    /** A verification says how far it is, or that it is over. */
    SAVE_VERIFICATION(control("UPDATE", "verification", "")),

    /** The phase is changed and the owner stays. */
    CHANGE_PHASE(control("UPDATE", "fence", " SET phase = ")),
    /** From now on what is converged is marked, or no longer. */
    SWITCH_MARKING(control("UPDATE", "fence", " SET marking = ")),
    /** A flip stops the owner's writers. */
    FREEZE(control("UPDATE", "fence", " SET state = 'FROZEN'")),
    /** A flip says on the follower that it is about to open it. */
    STAMP_FOLLOWER(control("UPDATE", "fence", " SET epoch = \\d+, attempt = ")),
    /** A flip, or who finishes it for another, locks a fence for itself. */
    LOCK_FENCE(control("SELECT (?=.*FOR UPDATE)", "fence", "")),
    /** The follower is opened, which is not committed before the owner has handed over. */
    OPEN_FOLLOWER(control("UPDATE", "fence", " SET state = 'OPEN', phase = ")),
    /** The owner hands over: the flip itself. */
    HAND_OVER(control("UPDATE", "fence", " SET state = 'HANDED_OVER'")),
    /** The old owner is closed. */
    CLOSE_OWNER(control("UPDATE", "fence", " SET state = 'CLOSED'")),
    /** A flip is given up, by who began it or by who finds it overdue: the old owner takes writes again. */
    REOPEN_OWNER(control("UPDATE", "fence", " SET state = 'OPEN', epoch = ")),

    /** An instance says that it lives. */
    HEARTBEAT(control("(?:INSERT|UPDATE)", "instance", ""));

    private final Pattern text;

    FailPoint(Pattern text) {
        this.text = text;
    }

    /** Of a control table: the first one that is named, behind a schema; with a part somewhere behind it. */
    private static Pattern control(String begin, String table, String part) {
        String any = "\\.`(?:dualwrite|dwkit)_";
        return Pattern.compile(
                begin + "(?:(?!" + any + ").)*+" + any + table + "`(?=.*" + part + ").*", Pattern.DOTALL);
    }

    /** Of rows: no control table is named, and no table of the server's own. */
    private static Pattern rows(String begin) {
        return Pattern.compile(
                begin + "(?!.*(?:\\.`(?:dualwrite|dwkit)_|information_schema\\.|performance_schema\\.|mysql\\.)).*",
                Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    }

    /** Whether a statement is sent by this step. */
    @Override
    public boolean test(Statement statement) {
        return text.matcher(statement.text()).matches();
    }
}
