package dev.dualwrite.testkit.oracle;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one client was told, transaction by transaction, in its order. A client is the only writer of its keys, so the
 * order of a key's changes is known; after an unknown answer it leaves the keys alone, for such a transaction may be
 * carried out late. For one thread at a time.
 */
public final class ClientLog {
    private final String name;
    private final Map<String, KeyHistory> keys;
    private final Set<String> orphans;

    ClientLog(String name, Map<String, KeyHistory> keys, Set<String> orphans) {
        this.name = name;
        this.keys = keys;
        this.orphans = orphans;
    }

    /** Who it is. */
    public String name() {
        return name;
    }

    /**
     * A transaction has ended.
     *
     * @param writes in the order of the transaction
     * @throws IllegalStateException if another client writes one of the keys, or an answer for it was unknown before
     */
    public void told(List<Write> writes, Answer answer) {
        Set<KeyHistory> touched = new HashSet<>();
        for (Write write : writes) {
            String id = id(write.table(), write.key());
            KeyHistory history = keys.computeIfAbsent(id, ignored -> new KeyHistory(write.table(), write.key(), name));
            history.begin(name);
            touched.add(history);
            history.change(write);
        }
        Object transaction = new Object();
        touched.forEach(history -> history.end(answer, transaction));
    }

    /** A row with these marks may be there under a key that nobody was told. */
    public void mayBeThere(String table, String marks) {
        orphans.add(id(table, marks));
    }

    static String id(String table, String key) {
        return table + ' ' + key;
    }

    static Set<String> orphans() {
        return ConcurrentHashMap.newKeySet();
    }
}
