/** A Spring Boot application with JPA, {@link dev.dualwrite.samples.orders.OrdersApplication}, whose database moves while it runs. */
@NullMarked
package dev.dualwrite.samples.orders;

import org.jspecify.annotations.NullMarked;
