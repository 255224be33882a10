package dev.dualwrite.campaign;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one client knows of its rows in one table. A transaction works on a copy. For one thread. */
final class Rows {
    private final Table table;
    private final Map<Long, Row> live;
    private final Set<Integer> closedLots;

    /** Lots of rows that were inserted without their keys being known. */
    private final Set<Integer> openLots = new HashSet<>();

    private long next;

    /**
     * A row.
     *
     * @param lot some rows share one
     * @param slot the value of the unique column
     */
    record Row(long number, String trail, int lot, @Nullable Integer slot) {
        Row append(String mark) {
            return new Row(number, trail + mark, lot, slot);
        }
    }

    Rows(Table table, int client) {
        this(table, new LinkedHashMap<>(), new HashSet<>(), (client + 1) * 100_000L);
    }

    private Rows(Table table, Map<Long, Row> live, Set<Integer> closedLots, long next) {
        this.table = table;
        this.live = live;
        this.closedLots = closedLots;
        this.next = next;
    }

    Rows copy() {
        return new Rows(table, new LinkedHashMap<>(live), new HashSet<>(closedLots), next);
    }

    Table table() {
        return table;
    }

    /** A number that no row of this client has had. */
    long fresh() {
        return next++;
    }

    void put(Row row) {
        live.put(row.number(), row);
    }

    /** A row is about to be inserted whose key the server makes. */
    void inserts(int lot) {
        openLots.add(lot);
    }

    /** It was inserted, and this is it. */
    void inserted(Row row) {
        openLots.remove(row.lot());
        put(row);
    }

    void remove(Row row) {
        live.remove(row.number());
    }

    int count() {
        return live.size();
    }

    List<Row> all() {
        return new ArrayList<>(live.values());
    }

    @Nullable Row any(Draw draw) {
        return live.isEmpty() ? null : draw.of(all());
    }

    /** The rows of a lot; empty, if of one nobody knows what became. */
    List<Row> lot(int lot) {
        return closedLots.contains(lot)
                ? List.of()
                : live.values().stream().filter(row -> row.lot() == lot).toList();
    }

    /** The numbers that a transaction used are not used again, whatever became of it. */
    void usedUpBy(Rows transaction) {
        next = Math.max(next, transaction.next);
    }

    /** From now on leaves alone what a transaction touched of which nobody knows what became. */
    void leave(Set<String> keys, Rows transaction) {
        closedLots.addAll(transaction.openLots);
        for (Rows some : List.of(this, transaction)) {
            for (Row row : some.all()) {
                if (keys.contains(table.key().text(row.number()))) {
                    live.remove(row.number());
                    closedLots.add(row.lot());
                }
            }
        }
    }
}
