package dev.dualwrite.jdbc.transparency;

import java.sql.ResultSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws what is asked of a result set. */
final class RowCalls {
    private RowCalls() {}

    /** @param s the name of its statement */
    static void draw(SplittableRandom random, String s, String r, List<Call> calls) {
        if (random.nextInt(2) == 0) {
            calls.add(new Call(
                    r + ".getMetaData()", host -> Seen.columns(host.rows(r).getMetaData())));
        }
        int some = random.nextInt(3);
        for (int i = 0; i < some; i++) {
            calls.add(one(random, s, r));
        }
        if (random.nextInt(4) > 0) {
            calls.add(new Call("rest of " + r, host -> Seen.rest(host.rows(r), Set.of())));
        }
        if (random.nextInt(2) == 0) {
            calls.add(new Call(r + ".close()", host -> {
                host.rows(r).close();
                return host.rows(r).isClosed();
            }));
        }
    }

    private static Call one(SplittableRandom random, String s, String r) {
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> new Call(r + ".next()", host -> host.rows(r).next());
            case 3 ->
                new Call(
                        r + ".getInt(1), wasNull()",
                        host -> host.rows(r).getInt(1) + " " + host.rows(r).wasNull());
            case 4 -> new Call(r + ".getString(2)", host -> host.rows(r).getString(2));
            case 5 -> new Call(r + ".getLong(\"ID\")", host -> host.rows(r).getLong("ID"));
            case 6 -> new Call(r + ".getObject(1, String)", host -> host.rows(r).getObject(1, String.class));
            case 7 -> new Call(r + ".getDate(3)", host -> host.rows(r).getDate(3));
            case 8 ->
                new Call(r + ".findColumn(\"nothing\")", host -> host.rows(r).findColumn("nothing"));
            case 9 -> new Call(r + ".absolute(2)", host -> host.rows(r).absolute(2));
            case 10 ->
                new Call(
                        r + " where it is",
                        host -> host.rows(r).getRow() + " " + host.rows(r).isBeforeFirst() + " "
                                + host.rows(r).isAfterLast());
            case 11 ->
                new Call(r + ".updateInt(1, 1)", host -> {
                    host.rows(r).updateInt(1, 1);
                    return "";
                });
            case 12 -> new Call(r + ".getStatement()", host -> host.rows(r).getStatement() == host.statement(s));
            default -> new Call(r + " properties", host -> properties(host.rows(r)));
        };
    }

    private static String properties(ResultSet rows) throws java.sql.SQLException {
        return "type " + rows.getType() + " concurrency " + rows.getConcurrency() + " fetch " + rows.getFetchSize()
                + " direction " + rows.getFetchDirection() + " " + Seen.warnings(rows.getWarnings());
    }
}
