package dev.dualwrite.samples.tenants.plans;

import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.retry.RetryOperations;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The plans over HTTP. */
@RestController
@RequestMapping("/tenants/{tenant}/plans")
class PlansApi {
    private final Plans plans;
    private final RetryOperations retries;

    PlansApi(Plans plans, RetryOperations retries) {
        this.plans = plans;
        this.retries = retries;
    }

    @GetMapping("/{id}")
    Plan find(@PathVariable String tenant, @PathVariable long id) {
        return known(retries.execute(attempt -> plans.find(tenant, id)));
    }

    @GetMapping
    List<Plan> all(@PathVariable String tenant) {
        return retries.execute(attempt -> plans.all(tenant));
    }

    @GetMapping("/{id}/prices")
    List<Price> prices(@PathVariable String tenant, @PathVariable long id) {
        return retries.execute(attempt -> plans.prices(tenant, id));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Plan add(@PathVariable String tenant, @RequestBody Offer offer) {
        return retries.execute(attempt -> plans.add(tenant, offer));
    }

    @PutMapping("/{id}/price")
    Plan reprice(@PathVariable String tenant, @PathVariable long id, @RequestBody int cents) {
        return known(retries.execute(attempt -> plans.reprice(tenant, id, cents)));
    }

    private static Plan known(Optional<Plan> plan) {
        return plan.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
