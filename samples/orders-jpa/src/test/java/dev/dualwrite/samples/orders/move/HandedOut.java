package dev.dualwrite.samples.orders.move;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.hibernate.Interceptor;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.type.Type;
import org.springframework.boot.autoconfigure.orm.jpa.HibernatePropertiesCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Every id that Hibernate took from its blocks, whatever became of the transaction; of all instances in this JVM. A number
 * that the server gives is not known yet when an entity is persisted.
 */
@Configuration(proxyBeanMethods = false)
class HandedOut {
    private static final Set<String> IDS = ConcurrentHashMap.newKeySet();
    private static final Queue<String> TWICE = new ConcurrentLinkedQueue<>();

    static void clear() {
        IDS.clear();
        TWICE.clear();
    }

    static int count() {
        return IDS.size();
    }

    static Queue<String> twice() {
        return TWICE;
    }

    @Bean
    HibernatePropertiesCustomizer intercepted() {
        return (Map<String, Object> properties) -> properties.put(AvailableSettings.INTERCEPTOR, new Interceptor() {
            @Override
            public boolean onPersist(Object entity, Object id, Object[] state, String[] names, Type[] types) {
                String handedOut = entity.getClass().getSimpleName() + " " + id;
                if (id instanceof Long && !IDS.add(handedOut)) {
                    TWICE.add(handedOut);
                }
                return false;
            }
        });
    }
}
