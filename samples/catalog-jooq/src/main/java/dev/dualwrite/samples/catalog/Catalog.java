package dev.dualwrite.samples.catalog;

import static dev.dualwrite.samples.catalog.ProductTable.PRODUCT;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DataChangedException;
import org.jooq.exception.SQLStateClass;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The application: publishes products, prices and tags them, counts who looks. Safe for use by any number of threads. */
public final class Catalog {
    private static final int ATTEMPTS = 200;

    private static final Field<Long> PRODUCT_ID = DSL.field(DSL.name("product_id"), SQLDataType.BIGINT);

    private static final Table<Record> PRICE_CHANGE = DSL.table(DSL.name("price_change"));
    private static final Field<Integer> VERSION = DSL.field(DSL.name("version"), SQLDataType.INTEGER);
    private static final Field<BigDecimal> PRICE = DSL.field(DSL.name("price"), SQLDataType.DECIMAL(10, 2));

    private static final Table<Record> TAG = DSL.table(DSL.name("tag"));
    private static final Field<String> NAME = DSL.field(DSL.name("name"), SQLDataType.VARCHAR(40));

    private static final Table<Record> POPULARITY = DSL.table(DSL.name("popularity"));
    private static final Field<Long> VIEWS = DSL.field(DSL.name("popularity", "views"), SQLDataType.BIGINT);

    private final DSLContext db;
    private final DSLContext upserts;

    public Catalog(DataSource dataSource) {
        db = DSL.using(dataSource, SQLDialect.MYSQL, new Settings().withExecuteWithOptimisticLocking(true));
        upserts = DSL.using(dataSource, dialect(dataSource));
    }

    /**
     * What jOOQ writes for MySQL is understood by MariaDB as well, but for upserts. Not the other way round: for MariaDB it asks
     * for keys by RETURNING, which is refused on tables that move.
     */
    private static SQLDialect dialect(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            String version = connection.getMetaData().getDatabaseProductVersion();
            return version.contains("MariaDB") ? SQLDialect.MARIADB : SQLDialect.MYSQL;
        } catch (SQLException e) {
            throw new IllegalStateException("the catalogue's database cannot be reached: " + e.getMessage(), e);
        }
    }

    /** Publishes products, all or none; their ids, in the same order. */
    public List<Long> publish(List<NewProduct> products) {
        return inTransaction(db, tx -> {
            List<Long> ids = tx.insertInto(PRODUCT, PRODUCT.sku, PRODUCT.price, PRODUCT.version)
                    .valuesOfRows(products.stream()
                            .map(one -> DSL.row(one.sku(), one.price(), 1))
                            .toList())
                    .returningResult(PRODUCT.id)
                    .fetch(PRODUCT.id);
            BatchBindStep prices = tx.batch(
                    tx.insertInto(PRICE_CHANGE, PRODUCT_ID, VERSION, PRICE).values((Long) null, null, null));
            BatchBindStep tags = tx.batch(tx.insertInto(TAG, PRODUCT_ID, NAME).values((Long) null, null));
            for (int i = 0; i < ids.size(); i++) {
                prices = prices.bind(ids.get(i), 1, products.get(i).price());
                for (String tag : products.get(i).tags()) {
                    tags = tags.bind(ids.get(i), tag);
                }
            }
            prices.execute();
            tags.execute();
            return ids;
        });
    }

    /**
     * Changes a price. Who changes it at the same time is neither waited for nor overwritten.
     *
     * @return whether there is such a product
     */
    public boolean reprice(long product, UnaryOperator<BigDecimal> change) {
        return inTransaction(db, tx -> {
            ProductRecord found = tx.fetchOne(PRODUCT, PRODUCT.id.eq(product));
            if (found == null) {
                return false;
            }
            found.set(PRODUCT.price, change.apply(found.price()));
            found.store();
            tx.insertInto(PRICE_CHANGE, PRODUCT_ID, VERSION, PRICE)
                    .values(product, found.version(), found.price())
                    .execute();
            return true;
        });
    }

    /**
     * Replaces a tag.
     *
     * @return whether there is such a product
     */
    public boolean retag(long product, String from, String to) {
        return inTransaction(db, tx -> {
            boolean there = tx.select(PRODUCT.id)
                    .from(PRODUCT)
                    .where(PRODUCT.id.eq(product))
                    .forUpdate()
                    .fetchOptional()
                    .isPresent();
            if (there) {
                List<Query> changes = List.of(
                        tx.deleteFrom(TAG).where(PRODUCT_ID.eq(product).and(NAME.in(from, to))),
                        tx.insertInto(TAG, PRODUCT_ID, NAME).values(product, to));
                tx.batch(changes).execute();
            }
            return there;
        });
    }

    /** Takes products out of the catalogue; how many were there. */
    public int discontinue(Collection<Long> products) {
        return inTransaction(db, tx -> {
            tx.deleteFrom(TAG).where(PRODUCT_ID.in(products)).execute();
            tx.deleteFrom(PRICE_CHANGE).where(PRODUCT_ID.in(products)).execute();
            return tx.deleteFrom(PRODUCT).where(PRODUCT.id.in(products)).execute();
        });
    }

    /** Somebody looked at a product. */
    public void viewed(long product) {
        inTransaction(
                upserts,
                tx -> tx.insertInto(POPULARITY, PRODUCT_ID, VIEWS)
                        .values(product, 1L)
                        .onDuplicateKeyUpdate()
                        .set(VIEWS, VIEWS.plus(1))
                        .execute());
    }

    /** Runs a transaction, and again if somebody else was faster, or if the database gave it up to resolve a conflict. */
    private static <T> T inTransaction(DSLContext context, Function<DSLContext, T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return context.transactionResult(configuration -> work.apply(configuration.dsl()));
            } catch (DataAccessException e) {
                boolean conflict = e instanceof DataChangedException
                        || e.sqlStateClass() == SQLStateClass.C40_TRANSACTION_ROLLBACK;
                if (attempt == ATTEMPTS || !conflict) {
                    throw e;
                }
            }
        }
    }
}
