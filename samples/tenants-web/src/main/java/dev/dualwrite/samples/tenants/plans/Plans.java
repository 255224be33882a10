package dev.dualwrite.samples.tenants.plans;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The plans of all tenants. */
@Service
public class Plans {
    private final JdbcClient jdbc;

    Plans(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One of a tenant's plans. */
    @Transactional(readOnly = true)
    public Optional<Plan> find(String tenant, long id) {
        return jdbc.sql("SELECT id, tenant, name, cents, version FROM plan WHERE tenant = ? AND id = ?")
                .param(tenant)
                .param(id)
                .query(Plan.class)
                .optional();
    }

    /** All of a tenant's plans. */
    @Transactional(readOnly = true)
    public List<Plan> all(String tenant) {
        return jdbc.sql("SELECT id, tenant, name, cents, version FROM plan WHERE tenant = ? ORDER BY id")
                .param(tenant)
                .query(Plan.class)
                .list();
    }

    /** What a plan has cost, from its first version on. */
    @Transactional(readOnly = true)
    public List<Price> prices(String tenant, long id) {
        return jdbc.sql("SELECT c.version, c.cents FROM plan p JOIN price c ON c.plan_id = p.id"
                        + " WHERE p.tenant = ? AND p.id = ? ORDER BY c.version")
                .param(tenant)
                .param(id)
                .query(Price.class)
                .list();
    }

    /** A new plan. */
    @Transactional
    public Plan add(String tenant, Offer offer) {
        KeyHolder keys = new GeneratedKeyHolder();
        jdbc.sql("INSERT INTO plan (tenant, name, cents, version) VALUES (?, ?, ?, 1)")
                .param(tenant)
                .param(offer.name())
                .param(offer.cents())
                .update(keys, "id");
        Number id = keys.getKey();
        if (id == null) {
            throw new IllegalStateException("the database gave the plan no id");
        }
        Plan plan = new Plan(id.longValue(), tenant, offer.name(), offer.cents(), 1);
        note(plan);
        return plan;
    }

    /** Another price. */
    @Transactional
    public Optional<Plan> reprice(String tenant, long id, int cents) {
        int known = jdbc.sql("UPDATE plan SET cents = ?, version = version + 1 WHERE tenant = ? AND id = ?")
                .param(cents)
                .param(tenant)
                .param(id)
                .update();
        Optional<Plan> plan = known == 0 ? Optional.empty() : find(tenant, id);
        plan.ifPresent(this::note);
        return plan;
    }

    private void note(Plan plan) {
        jdbc.sql("INSERT INTO price (plan_id, version, cents) VALUES (?, ?, ?)")
                .param(plan.id())
                .param(plan.version())
                .param(plan.cents())
                .update();
    }
}
