package dev.dualwrite.samples.tenants.rollout;

import dev.dualwrite.samples.tenants.Headers;
import dev.dualwrite.samples.tenants.plans.Offer;
import dev.dualwrite.samples.tenants.plans.Plan;
import dev.dualwrite.samples.tenants.plans.Price;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/**
 * Somebody of a tenant, who looks at plans and changes them, and remembers what he was told. He knows nothing of a migration.
 * Used by one thread at a time.
 */
final class Customer {
    /** Longer than the target may be behind when it answers (a second), and than that may be unnoticed (a second). */
    private static final Duration TOKEN = Duration.ofSeconds(3);

    private static final ParameterizedTypeReference<List<Plan>> PLANS = new ParameterizedTypeReference<>() {};
    private static final ParameterizedTypeReference<List<Price>> PRICES = new ParameterizedTypeReference<>() {};

    private final String tenant;
    private final RestClient http;
    private final Counters counters;
    private final Random random;
    private final List<Long> plans;

    /** The versions that he was told of what he has written. */
    private final Map<Long, Integer> own = new HashMap<>();

    private @Nullable String token;
    private long tokenUntil;
    private String answeredBy = "";

    Customer(String tenant, List<Long> plans, RestClient http, Counters counters, Random random) {
        this.tenant = tenant;
        this.plans = new ArrayList<>(plans);
        this.http = http;
        this.counters = counters;
        this.random = random;
    }

    /** One visit: he looks at something, or changes something and looks at it on another instance. */
    void visit(List<String> instances) {
        int first = random.nextInt(instances.size());
        long plan = plans.get(random.nextInt(plans.size()));
        int dice = random.nextInt(100);
        if (dice < 65) {
            look(instances.get(first), plan);
        } else if (dice < 80) {
            lookAtAll(instances.get(first));
        } else if (dice < 90) {
            lookAtPrices(instances.get(first), plan);
        } else {
            if (dice < 98 || plans.size() > 2 * Beginning.PLANS) {
                reprice(instances.get(first), plan);
            } else {
                plan = add(instances.get(first));
            }
            look(instances.get((first + 1 + random.nextInt(instances.size() - 1)) % instances.size()), plan);
        }
    }

    private void look(String instance, long plan) {
        try {
            Plan seen = read(instance, "/" + plan, ParameterizedTypeReference.forType(Plan.class));
            check(plan, seen.version());
            counters.saw(Stream.of(seen.name()));
        } catch (HttpClientErrorException.NotFound gone) {
            check(plan, 0);
        }
    }

    private void lookAtAll(String instance) {
        Map<Long, Integer> versions = new HashMap<>();
        List<Plan> all = read(instance, "", PLANS);
        all.forEach(plan -> versions.put(plan.id(), plan.version()));
        plans.forEach(plan -> check(plan, versions.getOrDefault(plan, 0)));
        counters.saw(all.stream().map(Plan::name));
    }

    private void lookAtPrices(String instance, long plan) {
        check(plan, read(instance, "/" + plan + "/prices", PRICES).size());
    }

    private void check(long plan, int seen) {
        if (seen < ownVersion(plan)) {
            counters.older("plan %d: wrote version %d, read version %d, answered by %s"
                    .formatted(plan, ownVersion(plan), seen, answeredBy));
        }
    }

    private int ownVersion(long plan) {
        return own.getOrDefault(plan, 0);
    }

    private void reprice(String instance, long plan) {
        int cents = 1_000 + random.nextInt(9_000);
        told(write(HttpMethod.PUT, instance, "/" + plan + "/price", cents));
    }

    private long add(String instance) {
        Plan plan = write(HttpMethod.POST, instance, "", new Offer("special", 1_000 + random.nextInt(9_000)));
        told(plan);
        plans.add(plan.id());
        return plan.id();
    }

    private void told(Plan plan) {
        own.put(plan.id(), plan.version());
        counters.acknowledged(plan);
    }

    private <T> T read(String instance, String path, ParameterizedTypeReference<T> type) {
        Step step = counters.step();
        RestClient.RequestHeadersSpec<?> request = http.get().uri(instance + "/tenants/" + tenant + "/plans" + path);
        if (token != null && System.nanoTime() - tokenUntil < 0) {
            request = request.header(Headers.READ_AFTER, token);
        }
        long began = System.nanoTime();
        ResponseEntity<T> answer = request.retrieve().toEntity(type);
        counters.answered(System.nanoTime() - began);
        answeredBy = String.valueOf(answer.getHeaders().getFirst(Headers.ANSWERED_BY));
        step.read(tenant, answeredBy);
        return body(answer);
    }

    private Plan write(HttpMethod method, String instance, String path, Object body) {
        long began = System.nanoTime();
        ResponseEntity<Plan> answer = http.method(method)
                .uri(instance + "/tenants/" + tenant + "/plans" + path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .retrieve()
                .toEntity(Plan.class);
        counters.answered(System.nanoTime() - began);
        String written = answer.getHeaders().getFirst(Headers.WRITE_TOKEN);
        if (written != null) {
            token = written;
            tokenUntil = System.nanoTime() + TOKEN.toNanos();
        }
        return body(answer);
    }

    private static <T> T body(ResponseEntity<T> answer) {
        T body = answer.getBody();
        if (body == null) {
            throw new IllegalStateException("an answer without a body");
        }
        return body;
    }
}
