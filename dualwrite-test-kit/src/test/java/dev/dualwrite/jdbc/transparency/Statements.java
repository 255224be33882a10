package dev.dualwrite.jdbc.transparency;

import static dev.dualwrite.jdbc.transparency.Phrase.saying;
import static dev.dualwrite.jdbc.transparency.Template.count;
import static dev.dualwrite.jdbc.transparency.Template.keys;
import static dev.dualwrite.jdbc.transparency.Template.rows;

import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws statements that the server decides in one way only, whatever plan it runs them by. */
final class Statements {
    private final SplittableRandom random;
    private final Values values;
    private final Realm realm;

    Statements(SplittableRandom random, Realm realm) {
        this.random = random;
        this.values = new Values(random);
        this.realm = realm;
    }

    /** Of whatever is drawn from now on, see {@link Values#streams}. */
    void streams(boolean on) {
        values.streams(on);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** The purposeful refusals of a statement; none for tables that stay. */
    private Refused[] on(String prefix, Refused... refusals) {
        List<Refused> all = new ArrayList<>();
        if (prefix.isEmpty()) {
            all.addAll(List.of(refusals));
        }
        if (realm == Realm.BOTH) {
            all.add(Refused.MIXED);
        }
        return all.toArray(Refused[]::new);
    }

    /** One that changes rows, or tries to. */
    Template change() {
        String p = realm.prefix(random);
        int draw = random.nextInt(100);
        if (draw < 32) {
            return insert(p);
        }
        if (draw < 66) {
            return update(p);
        }
        if (draw < 82) {
            return delete(p);
        }
        return draw < 94 ? odd(p) : wrong(p);
    }

    private Template insert(String p) {
        Refused[] none = on(p);
        return switch (random.nextInt(10)) {
            case 0, 1, 2 ->
                keys(
                        () -> saying(
                                "INSERT INTO " + p + "item (v, name) VALUES (",
                                values.small(),
                                ", ",
                                values.uniqueName(),
                                ")"),
                        none);
            case 3 -> {
                int rows = random.nextInt(2, 5);
                yield keys(() -> several("INSERT INTO " + p + "item (v, name, d) VALUES ", rows, this::itemRow), none);
            }
            case 4 ->
                keys(
                        () -> saying(
                                "INSERT INTO " + p + "item (id, v, name) VALUES (",
                                values.key(),
                                ", ",
                                values.small(),
                                ", ",
                                values.uniqueName(),
                                ")"),
                        none);
            case 5 ->
                keys(
                        () -> saying(
                                "INSERT INTO " + p + "item (id, v, name) VALUES (NULL, ",
                                values.small(),
                                ", ",
                                values.uniqueName(),
                                "), (",
                                values.number(random.nextInt(140, 400)),
                                ", 3, NULL), (DEFAULT, 4, ",
                                values.uniqueName(),
                                ")"),
                        none);
            case 6 ->
                keys(
                        () -> saying(
                                "INSERT INTO " + p + "child (parent, note) VALUES (",
                                values.key(),
                                ", ",
                                values.text(values.note()),
                                ")"),
                        none);
            case 7 ->
                count(
                        () -> saying(
                                "INSERT INTO " + p + "pair (a, b, v) VALUES (",
                                values.number(random.nextInt(1, 5)),
                                ", ",
                                values.plainText(oneIn(9) ? "too long" : "k" + random.nextInt(5)),
                                ", ",
                                values.small(),
                                ")"),
                        none);
            case 8 ->
                count(
                        () -> saying(
                                "INSERT INTO " + p + "code (c, v) VALUES (",
                                values.plainText("k" + random.nextInt(9)),
                                ", ",
                                values.small(),
                                ")"),
                        none);
            default -> kind(p, none);
        };
    }

    private Template kind(String p, Refused... refusals) {
        return count(
                () -> saying(
                        "INSERT INTO " + p + "kind (id, t, u, f, day, at, clock, e, vb, txt, blb) VALUES (",
                        values.number(random.nextInt(1, 40)),
                        ", ",
                        oneIn(5) ? values.number(300) : values.flag(),
                        ", ",
                        values.great(),
                        ", ",
                        values.floating(),
                        ", ",
                        values.day(),
                        ", ",
                        values.moment(),
                        ", ",
                        values.clock(),
                        ", ",
                        values.plainText(oneIn(8) ? "y" : "x"),
                        ", ",
                        values.bytes(22),
                        ", ",
                        values.longText(),
                        ", ",
                        values.bytes(60),
                        ")"),
                refusals);
    }

    private List<Object> itemRow() {
        return List.of("(", values.small(), ", ", values.uniqueName(), ", ", values.decimal(), ")");
    }

    private interface Part {
        List<Object> draw();
    }

    private static Phrase several(String head, int count, Part part) {
        List<Object> parts = new ArrayList<>();
        parts.add(head);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                parts.add(", ");
            }
            parts.addAll(part.draw());
        }
        return new Phrase(parts);
    }

    private Template update(String p) {
        Refused[] none = on(p);
        return switch (random.nextInt(15)) {
            case 0, 1, 2 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item SET v = v + ",
                                values.number(random.nextInt(3)),
                                " WHERE id = ",
                                values.key()),
                        none);
            case 3 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item SET name = ", values.uniqueName(), " WHERE id = ", values.key()),
                        none);
            case 4 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item SET d = ",
                                values.decimal(),
                                ", v = ",
                                values.small(),
                                " WHERE id IN (",
                                values.key(),
                                ", ",
                                values.key(),
                                ")"),
                        none);
            case 5, 6 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item SET d = ",
                                values.cents(),
                                " WHERE v BETWEEN ",
                                values.number(random.nextInt(4)),
                                " AND ",
                                values.number(random.nextInt(8))),
                        none);
            case 7 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item SET v = ",
                                values.small(),
                                " WHERE name LIKE ",
                                values.plainText("n" + random.nextInt(3) + "%")),
                        none);
            case 8 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item i SET i.name = ",
                                values.text(values.name()),
                                " WHERE i.name = ",
                                values.plainText(values.name()),
                                " AND id > 0"),
                        none);
            case 9 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item SET id = ",
                                values.number(random.nextInt(400, 420)),
                                " WHERE id = ",
                                values.key()),
                        none);
            case 10 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "pair SET b = ",
                                values.plainText("m" + random.nextInt(3)),
                                " WHERE a = ",
                                values.number(random.nextInt(1, 5)),
                                " AND v = ",
                                values.small()),
                        none);
            case 11 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item SET v = v + 1 WHERE id IN (SELECT parent FROM " + p
                                        + "child WHERE note = ",
                                values.plainText(values.note()),
                                ")"),
                        on(p, Refused.OLD_SNAPSHOT));
            case 12 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "kind SET blb = ",
                                values.bytes(40),
                                ", txt = ",
                                values.longText(),
                                ", t = ",
                                values.small(),
                                " WHERE id = ",
                                values.number(random.nextInt(1, 40))),
                        none);
            case 13 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "code SET c = ",
                                values.plainText("k" + random.nextInt(9)),
                                " WHERE c = ",
                                values.plainText("k" + random.nextInt(9))),
                        none);
            default ->
                count(
                        () -> saying(
                                "UPDATE " + p + "child SET parent = ",
                                values.key(),
                                ", note = ",
                                values.text(values.note()),
                                " WHERE id < ",
                                values.number(random.nextInt(8))),
                        none);
        };
    }

    private Template delete(String p) {
        Refused[] none = on(p);
        return switch (random.nextInt(6)) {
            case 0, 1 -> count(() -> saying("DELETE FROM " + p + "item WHERE id = ", values.key()), none);
            case 2 ->
                count(
                        () -> saying("DELETE FROM " + p + "child WHERE parent = ", values.key(), " OR note IS NULL"),
                        none);
            case 3 ->
                count(
                        () -> saying(
                                "DELETE FROM " + p + "pair WHERE (a, b) IN ((",
                                values.number(random.nextInt(1, 5)),
                                ", ",
                                values.plainText("k" + random.nextInt(5)),
                                "), (2, 'x'))"),
                        none);
            case 4 ->
                count(() -> saying("DELETE FROM " + p + "item WHERE v > ", values.number(random.nextInt(5, 12))), none);
            default -> count(() -> saying("DELETE FROM " + p + "code WHERE v < ", values.small()), none);
        };
    }

    /** What the boundary refuses on tables that move. */
    private Template odd(String p) {
        return switch (random.nextInt(9)) {
            case 0 ->
                count(
                        () -> saying(
                                "REPLACE INTO " + p + "item (id, v, name) VALUES (",
                                values.key(),
                                ", ",
                                values.small(),
                                ", ",
                                values.uniqueName(),
                                ")"),
                        on(p, Refused.REPLACE));
            case 1 ->
                keys(
                        () -> saying(
                                "INSERT INTO " + p + "code (c, v) SELECT CONCAT('s', id), v FROM " + p
                                        + "item WHERE id = ",
                                values.key()),
                        on(p, Refused.INSERT_SELECT));
            case 2 ->
                keys(
                        () -> saying(
                                "INSERT INTO " + p + "item (v, name) VALUES (",
                                values.small(),
                                ", ",
                                values.uniqueName(),
                                ") ON DUPLICATE KEY UPDATE v = v + 1"),
                        on(p, Refused.ON_DUPLICATE));
            case 3 ->
                keys(
                        () -> saying(
                                "INSERT IGNORE INTO " + p + "item (v, name) VALUES (",
                                values.small(),
                                ", ",
                                values.uniqueName(),
                                ")"),
                        on(p, Refused.IGNORE));
            case 4 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item SET v = v + 1 WHERE v > ",
                                values.number(random.nextInt(4)),
                                " ORDER BY id LIMIT 2"),
                        on(p, Refused.LIMITED));
            case 5 ->
                count(
                        () -> saying("DELETE FROM " + p + "code WHERE v > ", values.number(2), " ORDER BY c LIMIT 1"),
                        on(p, Refused.LIMITED));
            case 6 ->
                count(
                        () -> saying(
                                "UPDATE " + p + "item i JOIN " + p
                                        + "child c ON c.parent = i.id SET i.v = i.v + 1 WHERE c.note = ",
                                values.plainText(values.note())),
                        on(p, Refused.MULTI_TABLE));
            case 7 ->
                count(
                        () -> saying(
                                "DELETE c FROM " + p + "child c JOIN " + p + "item i ON c.parent = i.id WHERE i.v = ",
                                values.small()),
                        on(p, Refused.MULTI_TABLE));
            default ->
                count(
                        () -> saying("UPDATE " + p + "item SET v = 5 WHERE RAND() < 2 AND id < ", values.key()),
                        on(p, Refused.UNREPEATABLE));
        };
    }

    /** What the server refuses. */
    private Template wrong(String p) {
        Refused[] none = on(p);
        return switch (random.nextInt(8)) {
            case 0 -> count(() -> saying("UPDATE " + p + "item SET nothing = ", values.small(), " WHERE id = 1"), none);
            case 1 -> count(() -> saying("UPDATE " + p + "item SET v = 1 WHERE nothing = ", values.small()), none);
            case 2 ->
                keys(
                        () -> saying("INSERT INTO " + p + "item (v, v) VALUES (1, ", values.small(), ")"),
                        on(p, Refused.UNKNOWN));
            case 3 ->
                count(
                        () -> saying("UPDATE " + (p.isEmpty() ? "item SET w = " : "nowhere SET v = "), values.small()),
                        none);
            case 4 -> count(() -> saying("SELEC ", values.small()), on("", Refused.UNKNOWN));
            case 5 ->
                count(() -> saying("UPDATE " + p + "item SET v = ", values.none(Types.INTEGER), " WHERE id = 2"), none);
            case 6 -> count(() -> saying("UPDATE " + p + "item SET v = 'no number' WHERE id = ", values.key()), none);
            default -> count(() -> saying("DELETE FROM " + p + "item WHERE id = ", values.number(1)), none);
        };
    }

    /** One that reads. */
    Template query() {
        String p = realm.prefix(random);
        Refused[] none = on(p);
        return switch (random.nextInt(15)) {
            case 0, 1 -> rows(() -> saying("SELECT * FROM " + p + "item WHERE id = ", values.key()), none);
            case 2, 3 -> rows(() -> saying("SELECT id, v, name AS called, d * 2 FROM " + p + "item ORDER BY id"), none);
            case 4 ->
                rows(
                        () -> saying(
                                "SELECT * FROM " + p + "item WHERE v > ", values.small(), " ORDER BY id FOR UPDATE"),
                        none);
            case 5 ->
                rows(
                        () -> saying("SELECT v FROM " + p + "item WHERE id = ", values.key(), " LOCK IN SHARE MODE"),
                        none);
            case 6 ->
                rows(
                        () -> saying(
                                "SELECT i.id, c.id, c.note FROM " + p + "item i LEFT JOIN " + p
                                        + "child c ON c.parent = i.id WHERE i.v < ",
                                values.small(),
                                " ORDER BY 1, 2"),
                        none);
            case 7 -> rows(() -> saying("SELECT COUNT(*), SUM(v), MAX(name) FROM " + p + "item"), none);
            case 8, 9 -> rows(() -> saying("SELECT * FROM " + p + "kind ORDER BY id"), none);
            case 10 ->
                rows(
                        () -> saying(
                                "SELECT 1 / 0, CAST('1x' AS SIGNED) FROM " + p + "item WHERE id <= ", values.key()),
                        none);
            case 11 -> rows(() -> saying("SELECT * FROM " + p + "pair, " + p + "code ORDER BY a, b, c LIMIT 5"), none);
            case 12 -> rows(() -> saying("SELECT nothing FROM " + p + "item WHERE id = ", values.key()), none);
            case 13 ->
                rows(() -> saying(
                        "SELECT CAST(",
                        values.key(),
                        " AS SIGNED) AS n, CAST(",
                        values.plainText(values.note()),
                        " AS CHAR(9)) AS t"));
            default ->
                rows(
                        () -> saying(
                                "SELECT c, v, twice FROM " + p + "code WHERE c >= ",
                                values.plainText("b"),
                                " ORDER BY c"),
                        none);
        };
    }
}
