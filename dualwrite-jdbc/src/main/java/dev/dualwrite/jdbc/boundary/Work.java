package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.OwnershipException;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.Key;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one transaction has done so far, as far as the server still knows of it. Of one thread at a time. */
final class Work {
    // most transactions have none of these, so there is nothing before the first

    private @Nullable IdentityHashMap<Table, Set<Key>> pending;
    private @Nullable List<byte[]> ids;
    private @Nullable List<byte[]> marks;
    private Set<String> tables = Set.of();
    private final Savepoints savepoints;
    private int pendingKeys;
    private boolean started;
    private boolean lockedOutside;
    private boolean mixed;
    private boolean doubtful;
    private boolean hasRead;
    private @Nullable CohortReads reader;
    private @Nullable Isolation isolation;
    private @Nullable Side owner;
    private @Nullable String domain;
    private @Nullable String outside;
    private @Nullable FenceRow fence;
    private @Nullable OwnershipException lost;

    Work() {
        this(new Savepoints());
    }

    /** Of a transaction that has done nothing but set these. */
    Work(Savepoints savepoints) {
        this.savepoints = savepoints;
    }

    Savepoints savepoints() {
        return savepoints;
    }

    /** Whether anything of it may be open on its connection. */
    boolean open() {
        return started || !savepoints.isEmpty();
    }

    /** Whether it did something that a retry on another connection would have to do again. */
    boolean started() {
        return started;
    }

    /** Whether it used a table, which binds it to its connection. */
    boolean bound() {
        return started && (domain != null || outside != null);
    }

    /** The side that was believed to own when it began; null before that. */
    @Nullable Side owner() {
        return owner;
    }

    void begins(Side believed) {
        started = true;
        if (owner == null) {
            owner = believed;
        }
    }

    /** It goes on with another migration, of which it has used nothing. */
    void ownerUnknown() {
        owner = null;
    }

    @Nullable String domain() {
        return domain;
    }

    @Nullable String outside() {
        return outside;
    }

    /** @return whether with these tables it uses both kinds for the first time */
    boolean uses(@Nullable String domainTable, @Nullable String outsideTable) {
        domain = domain == null ? domainTable : domain;
        outside = outside == null ? outsideTable : outside;
        boolean first = !mixed && domain != null && outside != null;
        mixed |= first;
        return first;
    }

    boolean lockedOutside() {
        return lockedOutside;
    }

    void locksOutside() {
        lockedOutside = true;
    }

    /** The admitted row whose shared lock it holds; null if it holds none. */
    @Nullable FenceRow fence() {
        return fence;
    }

    void fenced(FenceRow row) {
        fence = row;
    }

    /**
     * Went back to a savepoint. For InnoDB, one that was set before it had a part in the transaction is the beginning: it
     * rolls back and lets go of its locks. Whether it had one then is not known, so without the fence of that moment the
     * fence is to be taken anew; all that was changed under the other one is undone.
     */
    void wentBackTo(Savepoint savepoint) throws SQLException {
        if (!savepoints.wentBackTo(savepoint)) {
            fence = null;
            doubtful = false;
            pending = null;
            pendingKeys = 0;
        }
    }

    /** A statement may have committed: whatever it held is gone. */
    void fenceLost() {
        fence = null;
        isolation = null;
        hasRead = false;
        doubtful = false;
        savepoints.clear();
    }

    /** The transaction may have been rolled back without a word: in a batch with which the driver goes on, in a result that is read later. */
    void doubtFence() {
        doubtful = true;
    }

    boolean doubtful() {
        return doubtful;
    }

    /** A statement reads tables without locks, by itself or in a subquery. */
    void reads() {
        hasRead = true;
    }

    /** It reads from the side that it is on, whoever owns, and is to do nothing else. */
    void readsOnly(CohortReads counts) {
        reader = counts;
    }

    /** Whether it reads from a side without regard to who owns, and what counts how that goes; null if not. */
    @Nullable CohortReads reader() {
        return reader;
    }

    /** Whether the snapshot that plain reads answer from may be older than what runs next. */
    boolean hasRead() {
        return hasRead;
    }

    /** Notes the session's level, before each statement; answers what is certain of the transaction's. */
    Isolation isolation(SessionFacts facts) {
        Isolation now = isolation == null ? Isolation.of(facts) : isolation.and(facts);
        isolation = now;
        return now;
    }

    boolean capturing() {
        return fence != null && fence.phase().capturing();
    }

    void add(Collection<Captured> keys) {
        IdentityHashMap<Table, Set<Key>> all = pending == null ? new IdentityHashMap<>() : pending;
        pending = all;
        for (Captured captured : keys) {
            Set<Key> of = all.computeIfAbsent(captured.table(), table -> new LinkedHashSet<>());
            pendingKeys += of.add(captured.key()) ? 1 : 0;
        }
    }

    int pendingKeys() {
        return pendingKeys;
    }

    /** The keys that no intent was written for yet. */
    List<Captured> pending() {
        List<Captured> keys = new ArrayList<>(pendingKeys);
        if (pending != null) {
            pending.forEach((table, of) -> of.forEach(key -> keys.add(new Captured(table, key))));
        }
        return keys;
    }

    /** Intents for all pending keys were written. */
    void written(List<byte[]> written) {
        if (pending != null) {
            pending.keySet().forEach(table -> touches(table.key().table()));
        }
        pending = null;
        pendingKeys = 0;
        ids = with(ids, written);
    }

    /** Intents for these keys were written, which never were pending. */
    void written(List<byte[]> written, Collection<Captured> keys) {
        keys.forEach(captured -> touches(captured.table().key().table()));
        ids = with(ids, written);
    }

    private void touches(String table) {
        if (!tables.contains(table)) {
            tables = tables.isEmpty() ? Set.of(table) : with(tables, table);
        }
    }

    private static Set<String> with(Set<String> some, String more) {
        Set<String> all = new HashSet<>(some);
        all.add(more);
        return all;
    }

    private static List<byte[]> with(@Nullable List<byte[]> before, List<byte[]> more) {
        List<byte[]> all = before == null ? new ArrayList<>(more.size()) : before;
        all.addAll(more);
        return all;
    }

    /** The server wrote intents by itself, whose ids begin with this. */
    void writtenInBulk(byte[] mark, String table) {
        touches(table);
        marks = with(marks, List.of(mark));
    }

    /** Whether intents were written for it. */
    boolean wrote() {
        return ids != null || marks != null;
    }

    /** The intents that were written. */
    Written soFar() {
        return new Written(ids == null ? List.of() : ids, marks == null ? List.of() : marks, tables);
    }

    /** A commit: the intents are written for good. Answers which. */
    Written ended() {
        Written written = soFar();
        tables = Set.of();
        ids = null;
        marks = null;
        return written;
    }

    /** Why the library rolled it back while the application still takes it for open; null if it did not. */
    @Nullable OwnershipException lost() {
        return lost;
    }

    void lose(OwnershipException why) {
        lost = why;
    }
}
