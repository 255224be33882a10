/** What the service is about: tenants' plans and what they cost. Nothing here knows of two databases. */
@NullMarked
package dev.dualwrite.samples.tenants.plans;

import org.jspecify.annotations.NullMarked;
