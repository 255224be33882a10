package dev.dualwrite.samples.catalog;

import static dev.dualwrite.samples.catalog.ProductTable.PRODUCT;

import java.math.BigDecimal;
import org.jooq.impl.UpdatableRecordImpl;

/** A row of the product table, which knows the version that it was read in. For one thread. */
public final class ProductRecord extends UpdatableRecordImpl<ProductRecord> {
    private static final long serialVersionUID = 1L;

    public ProductRecord() {
        super(PRODUCT);
    }

    long id() {
        return get(PRODUCT.id);
    }

    BigDecimal price() {
        return get(PRODUCT.price);
    }

    int version() {
        return get(PRODUCT.version);
    }
}
