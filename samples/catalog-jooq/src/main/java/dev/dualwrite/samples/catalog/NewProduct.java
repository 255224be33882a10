package dev.dualwrite.samples.catalog;

import java.math.BigDecimal;
import java.util.List;

/** A product that is to be published, with at least one tag. */
public record NewProduct(String sku, BigDecimal price, List<String> tags) {
    public NewProduct {
        tags = List.copyOf(tags);
    }
}
