package dev.dualwrite.sql;

import java.util.List;
import java.util.Locale;

/** Names the statements that are neither a query nor INSERT, UPDATE or DELETE. */
final class OtherReader {

    private final Text text;
    private final Tokens tokens;

    OtherReader(Text text) {
        this.text = text;
        this.tokens = text.tokens();
    }

    Statement read() {
        return switch (tokens.keyword(0)) {
            case REPLACE -> named(Kind.REPLACE);
            case BEGIN -> begin();
            case COMMIT, ROLLBACK, SAVEPOINT, RELEASE -> named(Kind.TRANSACTION_CONTROL);
            case START -> tokens.is(1, Keyword.TRANSACTION) ? named(Kind.TRANSACTION_CONTROL) : named(Kind.ADMIN);
            case XA -> named(Kind.XA);
            case LOCK, UNLOCK -> named(Kind.LOCK_TABLES);
            case CREATE -> create();
            case ALTER -> isAccount(1) ? named(Kind.ACCOUNT) : named(Kind.ALTER);
            case DROP -> drop();
            case RENAME -> isAccount(1) ? named(Kind.ACCOUNT) : named(Kind.RENAME);
            case TRUNCATE -> named(Kind.TRUNCATE);
            case CALL -> named(Kind.CALL);
            case LOAD -> tokens.is(1, Keyword.INDEX) ? named(Kind.ADMIN) : named(Kind.LOAD_DATA);
            case IMPORT -> named(Kind.IMPORT);
            case HANDLER -> named(Kind.HANDLER);
            case PREPARE, EXECUTE, DEALLOCATE, BINLOG -> named(Kind.PREPARED_TEXT);
            case SET -> new VariableReader(text).read();
            case USE -> use();
            case SHOW -> named(Kind.SHOW);
            case DESC, DESCRIBE, EXPLAIN -> explain();
            case DO -> named(Kind.DO);
            case KILL -> named(Kind.KILL);
            case FLUSH -> named(Kind.FLUSH);
            case ANALYZE -> analyze();
            case OPTIMIZE, CHECK, REPAIR, CHECKSUM -> named(Kind.TABLE_MAINTENANCE);
            case GRANT, REVOKE -> named(Kind.ACCOUNT);
            case HELP, RESET, STOP, INSTALL, UNINSTALL, CACHE, SHUTDOWN, RESTART, CLONE, PURGE, CHANGE ->
                named(Kind.ADMIN);
            default -> text.unknown("an unknown statement");
        };
    }

    private Statement.Other named(Kind kind) {
        StringBuilder detail = new StringBuilder(tokens.text(0).toUpperCase(Locale.ROOT));
        for (int i = 1; i < 3 && tokens.keyword(i) != Keyword.NONE; i++) {
            detail.append(' ').append(tokens.text(i).toUpperCase(Locale.ROOT));
        }
        return text.other(kind, detail.toString());
    }

    private boolean isAccount(int i) {
        return tokens.is(i, Keyword.USER) || tokens.is(i, Keyword.ROLE);
    }

    /** A block of statements also begins so. */
    private Statement begin() {
        boolean plain = text.end() == 1 || (text.end() == 2 && tokens.is(1, Keyword.WORK));
        return plain ? named(Kind.TRANSACTION_CONTROL) : text.unknown("a block of statements");
    }

    private Statement create() {
        int i = 1;
        if (tokens.is(i, Keyword.OR) && tokens.is(i + 1, Keyword.REPLACE)) {
            i += 2;
        }
        if (tokens.is(i, Keyword.TEMPORARY)) {
            return tokens.is(i + 1, Keyword.TABLE) ? named(Kind.CREATE_TEMPORARY_TABLE) : named(Kind.CREATE);
        }
        return isAccount(i) ? named(Kind.ACCOUNT) : named(Kind.CREATE);
    }

    private Statement drop() {
        if (isAccount(1)) {
            return named(Kind.ACCOUNT);
        }
        if (tokens.is(1, Keyword.PREPARE)) {
            return named(Kind.PREPARED_TEXT);
        }
        return tokens.is(1, Keyword.TEMPORARY) ? named(Kind.DROP_TEMPORARY_TABLE) : named(Kind.DROP);
    }

    private Statement use() {
        return text.end() == 2 && tokens.isName(1)
                ? text.other(Kind.USE, "USE", List.of(tokens.name(1)))
                : text.unknown("USE");
    }

    private Statement explain() {
        for (int i = 1; i < text.end(); i++) {
            if (tokens.is(i, Keyword.ANALYZE)) {
                return text.other(Kind.EXPLAIN_ANALYZE, "EXPLAIN ANALYZE");
            }
        }
        boolean table = tokens.isName(1) && !tokens.is(2, '=') && text.end() <= 5;
        return table ? named(Kind.DESCRIBE) : named(Kind.EXPLAIN);
    }

    /** MariaDB executes the statement in {@code ANALYZE SELECT}. */
    private Statement analyze() {
        for (int i = 1; i <= 2; i++) {
            if (tokens.is(i, Keyword.TABLE) || tokens.is(i, Keyword.TABLES)) {
                return named(Kind.TABLE_MAINTENANCE);
            }
        }
        return text.other(Kind.EXPLAIN_ANALYZE, "ANALYZE");
    }
}
