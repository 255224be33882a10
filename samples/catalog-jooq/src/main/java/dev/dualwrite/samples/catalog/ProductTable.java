package dev.dualwrite.samples.catalog;

import java.math.BigDecimal;
import org.jooq.Identity;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;

/** What jOOQ's generator would make of the table, by hand: its key, who gives it, and the column that tells versions. */
final class ProductTable extends TableImpl<ProductRecord> {
    private static final long serialVersionUID = 1L;

    static final ProductTable PRODUCT = new ProductTable();

    final TableField<ProductRecord, Long> id =
            createField(DSL.name("id"), SQLDataType.BIGINT.nullable(false).identity(true), this);
    final TableField<ProductRecord, String> sku =
            createField(DSL.name("sku"), SQLDataType.VARCHAR(40).nullable(false), this);
    final TableField<ProductRecord, BigDecimal> price =
            createField(DSL.name("price"), SQLDataType.DECIMAL(10, 2).nullable(false), this);
    final TableField<ProductRecord, Integer> version =
            createField(DSL.name("version"), SQLDataType.INTEGER.nullable(false), this);

    private ProductTable() {
        super(DSL.name("product"));
    }

    @Override
    public Class<ProductRecord> getRecordType() {
        return ProductRecord.class;
    }

    @Override
    public Identity<ProductRecord, Long> getIdentity() {
        return Internal.createIdentity(this, id);
    }

    @Override
    public UniqueKey<ProductRecord> getPrimaryKey() {
        return Internal.createUniqueKey(this, DSL.name("PRIMARY"), id);
    }

    @Override
    public TableField<ProductRecord, Integer> getRecordVersion() {
        return version;
    }
}
