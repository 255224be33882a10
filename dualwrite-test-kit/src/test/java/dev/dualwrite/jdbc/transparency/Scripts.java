package dev.dualwrite.jdbc.transparency;

import dev.dualwrite.jdbc.transparency.Template.Sort;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws scripts. The same seed draws the same one. */
final class Scripts {
    /** The last one only where it is known what the session begins with. */
    private static final List<String> AFTERWARDS =
            List.of("SHOW WARNINGS", "SHOW COUNT(*) ERRORS", "SELECT @@warning_count", "SELECT LAST_INSERT_ID()");

    private final SplittableRandom random;
    private final Realm realm;
    private final Statements statements;
    private final List<Call> calls = new ArrayList<>();
    private final List<String> plain = new ArrayList<>();
    private final List<String> savepoints = new ArrayList<>();
    /** Prepared statements that keep what was set on them if the driver's cache gets them. */
    private final Set<String> settled = new HashSet<>();

    private int names;
    private boolean own;
    private boolean asksForIds;

    private Scripts(long seed) {
        this.random = new SplittableRandom(seed);
        int draw = random.nextInt(20);
        this.realm = draw < 13 ? Realm.MOVED : draw < 16 ? Realm.STAYING : Realm.BOTH;
        this.statements = new Statements(random, realm);
    }

    static Script draw(long seed) {
        Scripts scripts = new Scripts(seed);
        scripts.transaction();
        return new Script(scripts.realm, List.copyOf(scripts.calls));
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private String name(String prefix) {
        return prefix + ++names;
    }

    private void add(String text, Call.Body body) {
        calls.add(new Call(text, body));
    }

    private void add(String text, Call.Body body, Set<Refused> refusals) {
        calls.add(new Call(text, body, refusals));
    }

    /** Something that is done and answers nothing. */
    private interface Act {
        void on(Host host) throws java.sql.SQLException;
    }

    private void act(String text, Act act) {
        add(text, done(act));
    }

    private static Call.Body done(Act act) {
        return host -> {
            act.on(host);
            return "";
        };
    }

    private void transaction() {
        act("c = dataSource.getConnection()", Host::open);
        if (oneIn(3)) {
            int level = new int[] {
                        Connection.TRANSACTION_READ_UNCOMMITTED,
                        Connection.TRANSACTION_READ_COMMITTED,
                        Connection.TRANSACTION_READ_COMMITTED,
                        Connection.TRANSACTION_SERIALIZABLE
                    }
                    [random.nextInt(4)];
            act(
                    "c.setTransactionIsolation(" + level + ")",
                    host -> host.connection().setTransactionIsolation(level));
        }
        own = !oneIn(4);
        if (own) {
            act("c.setAutoCommit(false)", host -> host.connection().setAutoCommit(false));
        }
        if (realm == Realm.MOVED && oneIn(3)) { // one session, of which it is known what it begins with
            asksForIds = true;
            act("c.createStatement().execute(\"SELECT LAST_INSERT_ID(0)\")", host -> {
                try (Statement statement = host.connection().createStatement()) {
                    statement.execute("SELECT LAST_INSERT_ID(0)");
                }
            });
        }
        int count = random.nextInt(2, 8);
        for (int i = 0; i < count; i++) {
            action();
        }
        if (own || oneIn(8)) {
            switch (random.nextInt(5)) {
                case 0 -> act("c.rollback()", host -> host.connection().rollback());
                case 1 -> act("c.setAutoCommit(true)", host -> host.connection().setAutoCommit(true));
                default -> act("c.commit()", host -> host.connection().commit());
            }
        }
        act("c.close()", host -> host.connection().close());
        if (oneIn(12)) {
            add("c.isClosed()", host -> host.connection().isClosed());
            act("c.close()", host -> host.connection().close());
        }
    }

    private void action() {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4 -> plain();
            case 5, 6, 7, 8 -> prepared();
            case 9, 10, 11 -> {
                statements.streams(false); // Connector/J loses some of them where it joins a batch
                preparedBatch();
                statements.streams(true);
            }
            case 12 -> plainBatch();
            case 13, 14, 15 -> query();
            case 16 -> stream();
            case 17 -> {
                if (own || oneIn(4)) {
                    savepoint();
                }
            }
            case 18, 19 -> calls.add(ConnectionCalls.draw(random));
            case 20 -> wrongUse();
            case 21 -> texts();
            case 22 -> {
                if (own || oneIn(4)) {
                    ending();
                }
            }
            default -> lobs();
        }
    }

    private void ending() {
        switch (random.nextInt(4)) {
            case 0 -> act("c.rollback()", host -> host.connection().rollback());
            case 1 -> act("c.setAutoCommit(true)", host -> host.connection().setAutoCommit(true));
            case 2 -> {
                act("c.setAutoCommit(false)", host -> host.connection().setAutoCommit(false));
                own = true;
            }
            default -> act("c.commit()", host -> host.connection().commit());
        }
    }

    // statements with literals

    private String statement() {
        if (!plain.isEmpty() && !oneIn(3)) {
            return plain.get(random.nextInt(plain.size()));
        }
        String s = name("s");
        plain.add(s);
        switch (random.nextInt(4)) {
            case 0 ->
                act(
                        s + " = c.createStatement(TYPE_SCROLL_INSENSITIVE, CONCUR_READ_ONLY)",
                        host -> host.keep(
                                s,
                                host.connection()
                                        .createStatement(
                                                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)));
            case 1 ->
                act(
                        s + " = c.createStatement(TYPE_FORWARD_ONLY, CONCUR_READ_ONLY, HOLD_CURSORS_OVER_COMMIT)",
                        host -> host.keep(
                                s,
                                host.connection()
                                        .createStatement(
                                                ResultSet.TYPE_FORWARD_ONLY,
                                                ResultSet.CONCUR_READ_ONLY,
                                                ResultSet.HOLD_CURSORS_OVER_COMMIT)));
            default ->
                act(
                        s + " = c.createStatement()",
                        host -> host.keep(s, host.connection().createStatement()));
        }
        if (oneIn(4)) {
            StatementCalls.settings(random, s, Set.of(), calls);
        }
        return s;
    }

    private void plain() {
        String s = statement();
        Template template = statements.change();
        String sql = template.phrase().literal();
        boolean keys = template.sort() == Sort.KEYS && !oneIn(3);
        String text = "\"" + sql + "\"" + (keys ? ", RETURN_GENERATED_KEYS" : "") + ")";
        int wanted = keys ? Statement.RETURN_GENERATED_KEYS : Statement.NO_GENERATED_KEYS;
        switch (random.nextInt(6)) {
            case 0 ->
                add(
                        s + ".executeLargeUpdate(" + text,
                        host -> host.statement(s).executeLargeUpdate(sql, wanted),
                        template.refusals());
            case 1, 2 ->
                add(s + ".execute(" + text, host -> host.statement(s).execute(sql, wanted), template.refusals());
            case 3 -> {
                if (keys) {
                    add(
                            s + ".executeUpdate(" + text + " {\"id\"}",
                            host -> host.statement(s).executeUpdate(sql, new String[] {"id"}),
                            template.refusals());
                } else {
                    add(
                            s + ".executeUpdate(\"" + sql + "\")",
                            host -> host.statement(s).executeUpdate(sql),
                            template.refusals());
                }
            }
            default ->
                add(
                        s + ".executeUpdate(" + text,
                        host -> host.statement(s).executeUpdate(sql, wanted),
                        template.refusals());
        }
        StatementCalls.probes(random, s, keys, Set.of(), calls);
        afterwards();
    }

    private void plainBatch() {
        String s = statement();
        Set<Refused> refusals = new HashSet<>(Set.of(Refused.MIXED_BATCH));
        int count = random.nextInt(1, 6);
        for (int i = 0; i < count; i++) {
            Template template = statements.change();
            String sql = template.phrase().literal();
            refusals.addAll(template.refusals());
            act(s + ".addBatch(\"" + sql + "\")", host -> host.statement(s).addBatch(sql));
        }
        if (oneIn(8)) {
            act(s + ".clearBatch()", host -> host.statement(s).clearBatch());
            batch(s, refusals); // of which a driver says this and that
            plain.remove(s);
            return;
        }
        batch(s, refusals);
        StatementCalls.probes(random, s, true, Set.of(), calls);
        afterwards();
    }

    private void batch(String s, Set<Refused> refusals) {
        Call.Body instead = done(host -> host.statement(s).clearBatch());
        if (oneIn(3)) {
            calls.add(new Call(
                    s + ".executeLargeBatch()", host -> host.statement(s).executeLargeBatch(), refusals, instead));
        } else {
            calls.add(new Call(s + ".executeBatch()", host -> host.statement(s).executeBatch(), refusals, instead));
        }
    }

    // statements with question marks

    private boolean prepare(String p, Template template, Phrase phrase) {
        String sql = phrase.marked();
        boolean keys = template.sort() == Sort.KEYS && !oneIn(3);
        if (keys && oneIn(4)) {
            act(
                    p + " = c.prepareStatement(\"" + sql + "\", {\"id\"})",
                    host -> host.keep(p, host.connection().prepareStatement(sql, new String[] {"id"})));
        } else if (keys) {
            act(
                    p + " = c.prepareStatement(\"" + sql + "\", RETURN_GENERATED_KEYS)",
                    host -> host.keep(p, host.connection().prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)));
        } else {
            act(
                    p + " = c.prepareStatement(\"" + sql + "\")",
                    host -> host.keep(p, host.connection().prepareStatement(sql)));
        }
        if (oneIn(6)) {
            StatementCalls.settings(random, p, template.refusals(), calls);
            settled.add(p);
        }
        return keys;
    }

    private void set(String p, Phrase phrase, boolean all) {
        set(p, phrase, all, new HashSet<>());
    }

    /** @param read indexes of what can be read only once, which is given anew each time */
    private void set(String p, Phrase phrase, boolean all, Set<Integer> read) {
        List<Value> values = phrase.values();
        for (int i = 0; i < values.size(); i++) {
            int index = i + 1;
            if (all || oneIn(2) || read.contains(index)) {
                Value value = values.get(i);
                act(
                        p + "[" + index + "]." + value.call(),
                        host -> value.setter().set(host.prepared(p), index));
                if (value.once()) {
                    read.add(index);
                } else {
                    read.remove(index);
                }
            }
        }
    }

    private void prepared() {
        String p = name("p");
        Template template = statements.change();
        Phrase phrase = template.phrase();
        boolean keys = prepare(p, template, phrase);
        Set<Integer> read = new HashSet<>();
        set(p, phrase, true, read);
        int times = random.nextInt(1, 4);
        for (int i = 0; i < times; i++) {
            if (i > 0) {
                set(p, template.phrase(), oneIn(2), read);
                if (oneIn(12)) {
                    act(p + ".clearParameters()", host -> host.prepared(p).clearParameters());
                }
            }
            run(p, template);
            StatementCalls.probes(random, p, keys, template.refusals(), calls);
            afterwards();
        }
        if (oneIn(2) && !settled.contains(p)) {
            act(p + ".close()", host -> host.prepared(p).close());
        }
    }

    private void run(String p, Template template) {
        switch (random.nextInt(5)) {
            case 0 ->
                add(p + ".executeLargeUpdate()", host -> host.prepared(p).executeLargeUpdate(), template.refusals());
            case 1 -> add(p + ".execute()", host -> host.prepared(p).execute(), template.refusals());
            default -> add(p + ".executeUpdate()", host -> host.prepared(p).executeUpdate(), template.refusals());
        }
    }

    private void preparedBatch() {
        String p = name("p");
        Template template = statements.change();
        Phrase phrase = template.phrase();
        boolean keys = prepare(p, template, phrase);
        int times = oneIn(4) ? 2 : 1;
        for (int i = 0; i < times; i++) {
            int count = random.nextInt(1, 8);
            for (int j = 0; j < count; j++) {
                set(p, j == 0 && i == 0 ? phrase : template.phrase(), j == 0 || oneIn(2));
                act(p + ".addBatch()", host -> host.prepared(p).addBatch());
            }
            if (oneIn(12)) {
                act(p + ".clearBatch()", host -> host.prepared(p).clearBatch());
                batch(p, template.refusals());
                return;
            }
            batch(p, template.refusals());
            StatementCalls.probes(random, p, keys, template.refusals(), calls);
        }
        if (oneIn(4)) {
            run(p, template);
            StatementCalls.probes(random, p, keys, template.refusals(), calls);
        }
        afterwards();
        if (oneIn(2) && !settled.contains(p)) {
            act(p + ".close()", host -> host.prepared(p).close());
        }
    }

    /** Texts about the statement before, each drawn where there is one. */
    private void afterwards() {
        if (oneIn(8)) {
            String s = statement();
            String sql = AFTERWARDS.get(random.nextInt(AFTERWARDS.size() - (asksForIds ? 0 : 1)));
            add(
                    s + ".executeQuery(\"" + sql + "\")",
                    host -> Seen.rows(host.statement(s).executeQuery(sql)));
        }
    }

    // queries

    private void query() {
        Template template = statements.query();
        Phrase phrase = template.phrase();
        String r = name("r");
        if (oneIn(2)) {
            String s = statement();
            String sql = phrase.literal();
            if (oneIn(3)) {
                add(s + ".execute(\"" + sql + "\")", host -> host.statement(s).execute(sql), template.refusals());
                add(s + ".getResultSet()" + Call.KEPT_AS + r, host -> {
                    ResultSet rows = host.statement(s).getResultSet();
                    host.keep(r, rows);
                    return rows != null;
                });
            } else {
                act2(
                        r,
                        s + ".executeQuery(\"" + sql + "\")",
                        host -> host.statement(s).executeQuery(sql),
                        template);
            }
            RowCalls.draw(random, s, r, calls);
            StatementCalls.probes(random, s, false, Set.of(), calls);
        } else {
            String p = name("p");
            prepare(p, template, phrase);
            if (oneIn(4)) {
                add(p + ".getMetaData()", host -> Seen.columns(host.prepared(p).getMetaData()), template.refusals());
            }
            set(p, phrase, true);
            int times = random.nextInt(1, 3);
            for (int i = 0; i < times; i++) {
                act2(r, p + ".executeQuery()", host -> host.prepared(p).executeQuery(), template);
                RowCalls.draw(random, p, r, calls);
                StatementCalls.probes(random, p, false, template.refusals(), calls);
                set(p, template.phrase(), false);
            }
        }
    }

    private interface Rows {
        ResultSet of(Host host) throws java.sql.SQLException;
    }

    private void act2(String r, String text, Rows rows, Template template) {
        add(
                r + " = " + text,
                host -> {
                    host.forget(r);
                    host.keep(r, rows.of(host));
                    return "";
                },
                template.refusals());
    }

    private void stream() {
        Template template = statements.query();
        String sql = template.phrase().literal();
        String s = name("s");
        String r = name("r");
        act(s + " = c.createStatement()", host -> host.keep(s, host.connection().createStatement()));
        act(s + ".setFetchSize(Integer.MIN_VALUE)", host -> host.statement(s).setFetchSize(Integer.MIN_VALUE));
        act2(r, s + ".executeQuery(\"" + sql + "\")", host -> host.statement(s).executeQuery(sql), template);
        int some = random.nextInt(3);
        for (int i = 0; i < some; i++) {
            add(r + ".next()", host -> host.rows(r).next());
        }
        if (oneIn(2)) {
            add("rest of " + r, host -> Seen.rest(host.rows(r), Set.of()));
        }
        act(r + ".close()", host -> host.rows(r).close());
        StatementCalls.probes(random, s, false, Set.of(), calls);
        if (oneIn(2)) {
            act(s + ".close()", host -> host.statement(s).close());
        }
    }

    private void savepoint() {
        String v = name("v");
        switch (savepoints.isEmpty() ? random.nextInt(2) : random.nextInt(6)) {
            case 0 -> {
                act(
                        v + " = c.setSavepoint()",
                        host -> host.keep(v, host.connection().setSavepoint()));
                savepoints.add(v);
            }
            case 1, 2 -> {
                String label = oneIn(3) ? "one" : v;
                act(
                        v + " = c.setSavepoint(\"" + label + "\")",
                        host -> host.keep(v, host.connection().setSavepoint(label)));
                savepoints.add(v);
            }
            case 3 -> {
                String of = savepoints.get(random.nextInt(savepoints.size()));
                act("c.releaseSavepoint(" + of + ")", host -> host.connection().releaseSavepoint(host.savepoint(of)));
            }
            default -> {
                String of = savepoints.get(random.nextInt(savepoints.size()));
                act("c.rollback(" + of + ")", host -> host.connection().rollback(host.savepoint(of)));
            }
        }
    }

    private void wrongUse() {
        String s = statement();
        switch (random.nextInt(9)) {
            case 0 -> {
                act(s + ".close()", host -> host.statement(s).close());
                add(s + ".isClosed()", host -> host.statement(s).isClosed());
            }
            case 1 -> {
                Template template = statements.change();
                String sql = template.phrase().literal();
                add(
                        s + ".executeQuery(\"" + sql + "\")",
                        host -> Seen.rows(host.statement(s).executeQuery(sql)),
                        template.refusals());
            }
            case 2 -> {
                Template template = statements.query();
                String sql = template.phrase().literal();
                add(
                        s + ".executeUpdate(\"" + sql + "\")",
                        host -> host.statement(s).executeUpdate(sql),
                        template.refusals());
            }
            case 3 -> {
                Template template = statements.change();
                Phrase phrase = template.phrase();
                String p = name("p");
                prepare(p, template, phrase);
                set(p, phrase, true);
                act(p + ".clearParameters()", host -> host.prepared(p).clearParameters());
                set(p, phrase, false);
                run(p, template);
            }
            case 4 -> {
                String empty = name("s"); // and not again: of an empty batch a driver says this and that
                act(
                        empty + " = c.createStatement()",
                        host -> host.keep(empty, host.connection().createStatement()));
                add(empty + ".executeBatch()", host -> host.statement(empty).executeBatch());
            }
            case 5 -> {
                Template template = statements.query();
                Phrase phrase = template.phrase();
                String sql = phrase.marked();
                String p = name("p");
                act(
                        p + " = c.prepareStatement(\"" + sql + "\")",
                        host -> host.keep(p, host.connection().prepareStatement(sql)));
                set(p, phrase, true);
                add(p + ".executeUpdate()", host -> host.prepared(p).executeUpdate(), template.refusals());
            }
            case 6 ->
                add(
                        s + ".getGeneratedKeys()",
                        host -> Seen.rows(host.statement(s).getGeneratedKeys()));
            case 7 -> add(s + ".getResultSet()", host -> host.statement(s).getResultSet() != null);
            default -> {
                Template template = statements.change();
                Phrase phrase = template.phrase();
                String p = name("p");
                prepare(p, template, phrase);
                add(
                        p + ".getParameterMetaData()",
                        host -> Seen.parameters(host.prepared(p).getParameterMetaData()),
                        template.refusals());
                add(p + ".getMetaData()", host -> Seen.columns(host.prepared(p).getMetaData()), template.refusals());
                set(p, phrase, true);
                add(p + ".executeQuery()", host -> Seen.rows(host.prepared(p).executeQuery()), template.refusals());
            }
        }
    }

    /** Statements of other kinds. */
    private void texts() {
        String s = statement();
        int number = random.nextInt(100);
        String sql = new String[] {
                    "SELECT 1",
                    "DO 0",
                    "SELECT DATABASE() IS NULL, @@autocommit, @@session.auto_increment_increment",
                    "SET @mine = " + number,
                    "SELECT @@session.sql_mode",
                    "/* nothing */",
                    "SHOW COLUMNS FROM " + realm.prefix(random) + "item",
                    "SELECT SLEEP(0)"
                }
                [random.nextInt(8)];
        Set<Refused> refusals = realm == Realm.BOTH ? Set.of(Refused.MIXED) : Set.of();
        if (sql.startsWith("S") && !sql.startsWith("SET")) {
            add(
                    s + ".executeQuery(\"" + sql + "\")",
                    host -> Seen.rows(host.statement(s).executeQuery(sql)),
                    refusals);
        } else {
            add(s + ".execute(\"" + sql + "\")", host -> host.statement(s).execute(sql), refusals);
        }
        if (sql.startsWith("SET")) {
            add(
                    s + ".executeQuery(\"SELECT @mine\")",
                    host -> Seen.rows(host.statement(s).executeQuery("SELECT @mine")));
        }
    }

    private void lobs() {
        String p = name("p");
        String table = realm.prefix(random) + "kind";
        int id = random.nextInt(1, 40);
        Set<Refused> refusals = realm == Realm.BOTH ? Set.of(Refused.MIXED) : Set.of();
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        act(
                p + " = c.prepareStatement(\"UPDATE " + table + " SET blb = ?, txt = ? WHERE id = ?\")",
                host -> host.keep(
                        p,
                        host.connection().prepareStatement("UPDATE " + table + " SET blb = ?, txt = ? WHERE id = ?")));
        act(p + "[1].setBlob(c.createBlob() of " + bytes.length + " bytes)", host -> {
            var blob = host.connection().createBlob();
            blob.setBytes(1, bytes);
            host.prepared(p).setBlob(1, blob);
        });
        act(p + "[2].setClob(c.createClob())", host -> {
            var clob = host.connection().createClob();
            clob.setString(1, "clob " + id);
            host.prepared(p).setClob(2, clob);
        });
        act(p + "[3].setInt(" + id + ")", host -> host.prepared(p).setInt(3, id));
        add(p + ".executeUpdate()", host -> host.prepared(p).executeUpdate(), refusals);
        String s = statement();
        String sql = "SELECT blb, txt FROM " + table + " WHERE id = " + id;
        add(
                s + ".executeQuery(\"" + sql + "\"), getBlob, getCharacterStream",
                host -> {
                    try (ResultSet rows = host.statement(s).executeQuery(sql)) {
                        return rows.next()
                                ? Seen.text(rows.getBlob(1)) + Seen.text(rows.getCharacterStream(2)) + rows.wasNull()
                                : "none";
                    }
                },
                refusals);
    }
}
