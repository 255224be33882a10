/**
 * A web service of Spring Boot, {@link dev.dualwrite.samples.tenants.TenantsApplication}, whose reads move to another database
 * tenant by tenant.
 */
@NullMarked
package dev.dualwrite.samples.tenants;

import org.jspecify.annotations.NullMarked;
