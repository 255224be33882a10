package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.boundary.ChangePlanner.Uncapturable;
import dev.dualwrite.jdbc.boundary.Names.Meaning;
import dev.dualwrite.jdbc.boundary.Plan.Action;
import dev.dualwrite.jdbc.boundary.Plan.Refused;
import dev.dualwrite.sql.FunctionRef;
import dev.dualwrite.sql.Kind;
import dev.dualwrite.sql.Locking;
import dev.dualwrite.sql.Statement;
import dev.dualwrite.sql.TableRef;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes plans. What could change a moved table and is not a plain change of one table is refused (design, section 4). */
final class Planner {
    /** Words of a text that is not understood, which may run something that the text does not show. */
    private static final Set<String> RUNS_UNSEEN = Set.of(
            "call", "execute", "prepare", "immediate", "begin", "start", "commit", "rollback", "savepoint", "xa", "do");

    private final Names names;

    Planner(Names names) {
        this.names = names;
    }

    Plan plan(Statement statement) {
        Used used = new Used();
        for (TableRef ref : statement.tables().refs()) {
            used.add(ref);
        }
        Refused function = function(statement);
        if (function != null) {
            return refused(statement, function);
        }
        if (used.otherSide != null) {
            return refused(statement, Refusal.OTHER_SIDE, title(statement, used.otherSide));
        }
        if (statement instanceof Statement.Select select) {
            boolean locking = select.locking() != Locking.NONE;
            if (locking && used.control != null) {
                return refused(statement, Refusal.CONTROL_TABLE, "a locking SELECT of " + used.control);
            }
            return used.plan(statement, locking ? Action.LOCKING_READ : Action.READ, null);
        }
        if (statement instanceof Statement.Other other) {
            return other(other, used);
        }
        return change(statement, used);
    }

    private Plan change(Statement statement, Used used) {
        TableRef target = target(statement);
        String title = title(statement, target.name());
        if (names.unseen(target)) {
            return refused(statement, Refusal.VIEW, title);
        }
        return switch (names.meaning(target)) {
            case CONTROL -> refused(statement, Refusal.CONTROL_TABLE, title);
            case OTHER_SIDE -> refused(statement, Refusal.OTHER_SIDE, title);
            case VIEW -> refused(statement, Refusal.VIEW, title);
            case OUTSIDE, SYSTEM -> {
                if (used.outside == null) {
                    used.outside = target.name();
                }
                yield used.plan(statement, Action.OUTSIDE_CHANGE, null);
            }
            case DOMAIN -> {
                ChangePlanner planner = new ChangePlanner(names.domain(target), names);
                try {
                    Change change;
                    if (statement instanceof Statement.Insert insert) {
                        change = planner.insert(insert);
                    } else if (statement instanceof Statement.Update update) {
                        change = planner.update(update);
                    } else if (statement instanceof Statement.Delete delete) {
                        change = planner.delete(delete);
                    } else {
                        throw new IllegalStateException("no change: " + statement.getClass());
                    }
                    yield used.plan(statement, Action.CHANGE, change);
                } catch (Uncapturable e) {
                    yield refused(statement, e.in(title));
                }
            }
        };
    }

    private static TableRef target(Statement statement) {
        if (statement instanceof Statement.Insert insert) {
            return insert.table();
        }
        if (statement instanceof Statement.Selective selective) {
            return selective.table();
        }
        throw new IllegalStateException("no change: " + statement.getClass());
    }

    private @Nullable Refused function(Statement statement) {
        for (FunctionRef call : statement.features().functions()) {
            String schema = call.schema();
            boolean table = statement.tables().refs().stream()
                    .anyMatch(ref -> schema != null
                            && schema.equalsIgnoreCase(ref.schema())
                            && call.name().equalsIgnoreCase(ref.name()));
            boolean writes;
            if (schema == null) {
                writes = names.mayWrite(call.name());
            } else if (names.ownSchema(schema)) {
                writes = names.schema().functions().contains(call.name().toLowerCase(Locale.ROOT));
            } else {
                writes = !schema.equalsIgnoreCase("sys");
            }
            if (writes && !table) {
                return new Refused(Refusal.FUNCTION, "A statement that calls " + call.name() + "()");
            }
        }
        return null;
    }

    /** Everything that the reader did not take apart: the tables it found may not be all. */
    private Plan other(Statement.Other other, Used used) {
        Refusal always = always(other.kind());
        String what = title(other, "");
        if (always != null) {
            return refused(other, always, what);
        }
        if (other.kind() == Kind.UNKNOWN
                && (other.reading().unsafe() || RUNS_UNSEEN.stream().anyMatch(other::mentions))) {
            return refused(other, Refusal.UNKNOWN, what);
        }
        String moved = mentioned(other);
        if (moved != null) {
            Refusal why = onDomain(other.kind());
            if (why != null) {
                return refused(other, why, title(other, moved));
            }
            used.domain = moved;
        }
        Action action = action(other.kind());
        if (action == Action.OUTSIDE_CHANGE || action == Action.IMPLICIT_COMMIT) {
            String control = control(other);
            if (control != null) {
                return refused(other, Refusal.CONTROL_TABLE, title(other, control));
            }
            if (used.outside == null && outsideOnly(other.kind())) {
                used.outside = other.detail();
            }
        }
        if (action == Action.SESSION) {
            return new Plan(other, action, moved, null, null, null, Set.of());
        }
        if (action == Action.NEUTRAL) {
            // SHOW, EXPLAIN and the like: where their tables are, if they name any
            boolean reads = moved != null || used.outside != null;
            return new Plan(other, reads ? Action.READ : action, moved, used.outside, null, null, Set.of());
        }
        return used.plan(other, action, null);
    }

    /** A table of the domain, a view or the schema itself, if the text names one anywhere. */
    private @Nullable String mentioned(Statement statement) {
        for (String name : names.schema().tables().keySet()) {
            if (statement.mentions(name)) {
                return name;
            }
        }
        for (String name : names.schema().views()) {
            if (statement.mentions(name)) {
                return name;
            }
        }
        for (TableRef ref : statement.tables().refs()) {
            if (names.unseen(ref) || names.meaning(ref) == Meaning.VIEW) {
                return ref.name();
            }
        }
        for (String view : names.elsewhereNamed()) {
            int dot = view.indexOf('.');
            boolean in = statement.mentions(view.substring(0, dot)) || view.startsWith(names.catalog() + ".");
            if (in && statement.mentions(view.substring(dot + 1))) {
                return view;
            }
        }
        boolean schemaWide = statement instanceof Statement.Other other
                && switch (other.kind()) {
                    case CREATE, ALTER, DROP -> other.mentions("DATABASE") || other.mentions("SCHEMA");
                    default -> false;
                };
        return schemaWide && statement.mentions(names.schema().schema())
                ? names.schema().schema()
                : null;
    }

    private @Nullable String control(Statement statement) {
        for (String name : statement.reading().names()) {
            if (names.control(name)) {
                return name;
            }
        }
        return null;
    }

    private static @Nullable Refusal always(Kind kind) {
        return switch (kind) {
            case MULTI_STATEMENT -> Refusal.MULTI_STATEMENT;
            case TRANSACTION_CONTROL -> Refusal.TRANSACTION_TEXT;
            case XA -> Refusal.XA;
            case CALL -> Refusal.CALL;
            case PREPARED_TEXT -> Refusal.PREPARED_TEXT;
            case USE -> Refusal.USE;
            case SET_MIXED -> Refusal.SET_MIXED;
            case IMPORT -> Refusal.DEFINITION;
            default -> null;
        };
    }

    /** Why a statement of this kind must not name a moved table; null if it may. */
    private static @Nullable Refusal onDomain(Kind kind) {
        return switch (kind) {
            case INSERT_SELECT, INSERT_VALUES_ROW -> Refusal.INSERT_SELECT;
            case INSERT_ON_DUPLICATE, INSERT_ROW_ALIAS -> Refusal.ON_DUPLICATE;
            case INSERT_IGNORE, UPDATE_IGNORE, DELETE_IGNORE -> Refusal.IGNORE;
            case REPLACE -> Refusal.REPLACE;
            case UPDATE_LIMIT, ORDERED_UPDATE, DELETE_LIMIT, ORDERED_DELETE -> Refusal.LIMITED;
            case MULTI_TABLE_UPDATE, MULTI_TABLE_DELETE, DELETE_USING -> Refusal.MULTI_TABLE;
            case CTE_DML -> Refusal.CTE;
            case RETURNING -> Refusal.RETURNING;
            case PARTITION -> Refusal.PARTITION;
            case INSERT_DELAYED, INDEX_HINT, PORTION, JDBC_ESCAPE, EXPLAIN_ANALYZE, DO -> Refusal.FORM;
            case LOCK_TABLES -> Refusal.LOCK_TABLES;
            case CREATE, CREATE_TEMPORARY_TABLE, ALTER, DROP, DROP_TEMPORARY_TABLE, RENAME, IMPORT ->
                Refusal.DEFINITION;
            case TRUNCATE -> Refusal.TRUNCATE;
            case LOAD_DATA -> Refusal.LOAD_DATA;
            case HANDLER -> Refusal.HANDLER;
            case TABLE_MAINTENANCE, FLUSH -> Refusal.MAINTENANCE;
            case UNKNOWN -> Refusal.UNKNOWN;
            case MULTI_STATEMENT -> Refusal.MULTI_STATEMENT;
            case TRANSACTION_CONTROL -> Refusal.TRANSACTION_TEXT;
            case XA -> Refusal.XA;
            case CALL -> Refusal.CALL;
            case PREPARED_TEXT -> Refusal.PREPARED_TEXT;
            case USE -> Refusal.USE;
            case SET_MIXED -> Refusal.SET_MIXED;
            case EMPTY, SET_SESSION, SET_GLOBAL, SET_USER_VARIABLE, SHOW, DESCRIBE, EXPLAIN, KILL, ACCOUNT, ADMIN ->
                null;
        };
    }

    private static Action action(Kind kind) {
        return switch (kind) {
            case EMPTY, SHOW, DESCRIBE, EXPLAIN, EXPLAIN_ANALYZE, KILL, SET_USER_VARIABLE, DO, HANDLER ->
                Action.NEUTRAL;
            // of several assignments in one SET, one may be of the session
            case SET_SESSION, SET_GLOBAL -> Action.SESSION;
            case INSERT_SELECT,
                    INSERT_ON_DUPLICATE,
                    INSERT_IGNORE,
                    INSERT_DELAYED,
                    INSERT_VALUES_ROW,
                    INSERT_ROW_ALIAS,
                    REPLACE,
                    UPDATE_IGNORE,
                    UPDATE_LIMIT,
                    ORDERED_UPDATE,
                    MULTI_TABLE_UPDATE,
                    DELETE_IGNORE,
                    DELETE_LIMIT,
                    ORDERED_DELETE,
                    DELETE_USING,
                    MULTI_TABLE_DELETE,
                    CTE_DML,
                    RETURNING,
                    PARTITION,
                    INDEX_HINT,
                    PORTION,
                    JDBC_ESCAPE -> Action.OUTSIDE_CHANGE;
            default -> Action.IMPLICIT_COMMIT;
        };
    }

    /** Kinds that work on tables, so that without a moved one they belong to the source. */
    private static boolean outsideOnly(Kind kind) {
        return switch (kind) {
            case FLUSH, ACCOUNT, ADMIN, UNKNOWN -> false;
            default -> true;
        };
    }

    private static Plan refused(Statement statement, Refusal why, String what) {
        return refused(statement, new Refused(why, what));
    }

    private static Plan refused(Statement statement, Refused refused) {
        return new Plan(statement, Action.NEUTRAL, null, null, null, refused, Set.of());
    }

    private static String title(Statement statement, String table) {
        String kind;
        if (statement instanceof Statement.Other other) {
            kind = other.kind() == Kind.UNKNOWN
                    ? "A statement (" + other.detail() + ")"
                    : other.kind().name().replace('_', ' ');
        } else {
            kind = statement.getClass().getSimpleName().toUpperCase(Locale.ROOT);
        }
        return table.isEmpty() ? kind : kind + " of " + table;
    }

    /** The tables that a text uses, by what they mean. */
    private final class Used {
        @Nullable String domain;

        @Nullable String outside;

        @Nullable String control;

        @Nullable String otherSide;

        final Set<String> tables = new HashSet<>();

        void add(TableRef ref) {
            Meaning meaning = names.meaning(ref);
            switch (meaning) {
                case DOMAIN, VIEW -> {
                    domain = domain == null ? ref.name() : domain;
                    if (meaning == Meaning.DOMAIN) {
                        tables.add(names.domain(ref).key().table());
                    } else {
                        names.schema()
                                .tables()
                                .values()
                                .forEach(table -> tables.add(table.key().table()));
                    }
                }
                case OUTSIDE -> outside = outside == null ? ref.name() : outside;
                case CONTROL -> control = ref.name();
                case OTHER_SIDE -> otherSide = ref.name();
                case SYSTEM -> {
                    // is on both sides
                }
            }
        }

        Plan plan(Statement statement, Action action, @Nullable Change change) {
            return new Plan(statement, action, domain, outside, change, null, Set.copyOf(tables));
        }
    }
}
