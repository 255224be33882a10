package dev.dualwrite.jdbc.boundary;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.schema.Dialect;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.sql.SqlDialect;
import dev.dualwrite.sql.StatementReader;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The plans of the texts that were seen, bounded. Thread-safe. */
final class Plans {
    private static final int TEXTS = 4_096;
    private static final int CHARS = 20_000;
    private static final int LATEST = 512; // a power of two
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*", Pattern.DOTALL);

    private final Routes routes;
    private final Set<String> ledgers;
    private final Map<Side, AtomicReference<@Nullable Known>> sides = new EnumMap<>(Side.class);

    /** @param ledgers of other migrations behind the data source, lower case */
    Plans(Routes routes, Set<String> ledgers) {
        this.routes = routes;
        this.ledgers = ledgers;
        for (Side side : Side.values()) {
            sides.put(side, new AtomicReference<>());
        }
    }

    /** How a session cuts texts. */
    record Modes(boolean ansiQuotes, boolean noBackslashEscapes) {
        static final Modes DEFAULT = new Modes(false, false);

        static Modes of(SessionFacts facts) {
            return facts.ansiQuotes() || facts.noBackslashEscapes()
                    ? new Modes(facts.ansiQuotes(), facts.noBackslashEscapes())
                    : DEFAULT;
        }
    }

    private record Text(String sql, Modes modes, @Nullable String catalog) {}

    /** What was asked for last among the texts of one hash; a cache writes down every look at it, and this does not. */
    private record Latest(String sql, Modes modes, Plan plan) {}

    /** @param latest by the hash of the text */
    private record Known(SideSchema schema, Cache<Text, Plan> plans, AtomicReferenceArray<@Nullable Latest> latest) {
        Known(SideSchema schema) {
            this(schema, Caffeine.newBuilder().maximumSize(TEXTS).build(), new AtomicReferenceArray<>(LATEST));
        }

        @SuppressWarnings(
                "ReferenceEquality") // a schema that was read again is another one; comparing its parts is dear
        boolean of(SideSchema now) {
            return schema == now;
        }
    }

    /** @param catalog what the application selected instead of the side's schema */
    Plan plan(String sql, Side side, Modes modes, @Nullable String catalog) throws SQLException {
        SideSchema schema = routes.schema(side);
        AtomicReference<@Nullable Known> reference = reference(side);
        Known known = reference.get();
        if (known == null || !known.of(schema)) {
            known = new Known(schema);
            reference.set(known);
        }
        int slot = sql.hashCode() & (LATEST - 1);
        Latest latest = known.latest().get(slot);
        if (latest != null
                && catalog == null
                && latest.modes().equals(modes)
                && latest.sql().equals(sql)) {
            return latest.plan();
        }
        Text text = new Text(sql, modes, catalog);
        Plan plan = known.plans().getIfPresent(text);
        if (plan == null) {
            Optional<String> other = schemaOf(side.other());
            plan = read(text, side, schema, other.orElse(null));
            if (sql.length() <= CHARS && other.isPresent()) {
                known.plans().put(text, plan);
            }
        } else if (catalog == null) {
            known.latest().set(slot, new Latest(sql, modes, plan));
        }
        return plan;
    }

    private AtomicReference<@Nullable Known> reference(Side side) {
        AtomicReference<@Nullable Known> reference = sides.get(side);
        if (reference == null) {
            throw new IllegalStateException("no " + side);
        }
        return reference;
    }

    private Plan read(Text text, Side side, SideSchema schema, @Nullable String otherSchema) {
        SqlDialect dialect = dialect(schema)
                .withModes(text.modes().ansiQuotes(), text.modes().noBackslashEscapes());
        String prefix = routes.intents(side).fence().names().prefix().toLowerCase(Locale.ROOT);
        Plan plan = new Planner(new Names(schema, text.catalog(), otherSchema, prefix, ledgers))
                .plan(new StatementReader(dialect).read(text.sql()));
        return plan.change() instanceof Change.Rows rows
                        && rows.removes()
                        && routes.readRoutes()
                                .appendOnly()
                                .contains(rows.table().key().table())
                ? plan.refused(Refusal.APPEND_ONLY, "A change that removes rows of " + plan.domain())
                : plan;
    }

    /**
     * The name of a side's schema, if that side was ever reached: it is not reached for here, because a
     * statement on one side must not wait for the other.
     */
    Optional<String> schemaOf(Side side) {
        try {
            return Optional.of(routes.intents(side).fence().names().schema());
        } catch (IllegalStateException neverReached) {
            return Optional.empty();
        }
    }

    private static SqlDialect dialect(SideSchema schema) {
        Matcher version = VERSION.matcher(schema.version());
        if (!version.matches()) {
            throw new IllegalStateException("not a version: " + schema.version());
        }
        int number = Integer.parseInt(version.group(1)) * 10_000
                + Integer.parseInt(version.group(2)) * 100
                + Integer.parseInt(version.group(3));
        return schema.dialect() == Dialect.MARIADB ? SqlDialect.mariadb(number) : SqlDialect.mysql(number);
    }
}
