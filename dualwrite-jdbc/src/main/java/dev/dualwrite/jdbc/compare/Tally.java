package dev.dualwrite.jdbc.compare;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.dualwrite.jdbc.ReadComparison;
import dev.dualwrite.jdbc.boundary.Read;
import dev.dualwrite.jdbc.control.ReadShapeTable.Scope;
import dev.dualwrite.sql.SqlShape;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of one scope in this process. When another scope begins, another tally does: what is decided later for this one
 * counts nowhere. Thread-safe.
 */
final class Tally {
    /** Shapes that are counted by themselves. */
    static final int SHAPES = 2_000;

    private static final int TEXTS = 8_000;

    private final Scope scope;
    private final ReadComparison settings;
    private final boolean sameSchemas;
    private final Map<String, Shape> shapes = new ConcurrentHashMap<>();

    /** By text: texts that differ by values lead to one shape. */
    private final Cache<String, Shape> texts =
            Caffeine.newBuilder().maximumSize(TEXTS).build();

    private final Totals totals;
    private final Shape more;
    private final Shape otherMode;
    private final Shape tooLong;

    Tally(Scope scope, ReadComparison settings, boolean sameSchemas, Totals totals) {
        this.scope = scope;
        this.settings = settings;
        this.sameSchemas = sameSchemas;
        this.totals = totals;
        this.more = pseudo("(more than " + SHAPES + " shapes)", Skip.TOO_MANY_SHAPES);
        this.otherMode = pseudo("(sessions with ANSI_QUOTES or NO_BACKSLASH_ESCAPES)", Skip.SESSION_MODE);
        this.tooLong = pseudo("(texts of more than " + Skip.CHARS + " characters)", Skip.TEXT_TOO_LONG);
    }

    private Shape pseudo(String name, Skip skip) {
        return new Shape(
                SqlShape.named(name), new ReadComparison.Rule(false, Optional.empty(), Map.of()), skip, totals);
    }

    Scope scope() {
        return scope;
    }

    Shape of(Read read) {
        if (!read.plainMode()) {
            return seen(otherMode);
        }
        String sql = read.sql();
        if (sql.length() > Skip.CHARS) {
            return seen(tooLong);
        }
        Shape known = texts.getIfPresent(sql);
        if (known == null) {
            known = find(SqlShape.of(sql), read);
            texts.put(sql, known);
        }
        return known;
    }

    private Shape find(SqlShape sql, @Nullable Read read) {
        Shape known = shapes.get(sql.id());
        if (known != null) {
            return known;
        }
        if (shapes.size() >= SHAPES) {
            return seen(more);
        }
        ReadComparison.Rule rule = settings.rule(sql.id());
        Skip skip = read == null ? null : Skip.of(read.statement(), sameSchemas);
        return seen(
                new Shape(sql, rule, skip != null && rule.compared() && skip.canBeOverruled() ? null : skip, totals));
    }

    /** Of something that is no query. */
    Shape named(String name) {
        return find(SqlShape.named(name), null);
    }

    private Shape seen(Shape shape) {
        Shape before = shapes.putIfAbsent(shape.sql().id(), shape);
        return before == null ? shape : before;
    }

    Collection<Shape> shapes() {
        return shapes.values();
    }
}
