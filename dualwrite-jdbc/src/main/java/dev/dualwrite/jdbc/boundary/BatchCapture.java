package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.StatementRefusedException;
import dev.dualwrite.jdbc.boundary.Capture.Before;
import dev.dualwrite.jdbc.control.Captured;
import dev.dualwrite.jdbc.schema.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of a batch's elements. */
final class BatchCapture {
    private final List<@Nullable Capture> elements = new ArrayList<>();
    private final IdentityHashMap<Table, Generated> ranges = new IdentityHashMap<>();

    /** @param plans one for each element, or one for all */
    BatchCapture(List<Plan> plans, Batch<?> batch, Physical physical, Isolation isolation) throws SQLException {
        int at = 0;
        for (Batch.Element element : batch.elements()) {
            Plan plan = plans.get(plans.size() == 1 ? 0 : at);
            elements.add(
                    plan.change() == null
                            ? null
                            : new Capture(plan, element.parameters(), physical, batch.timeout(), isolation));
            at++;
        }
    }

    int size() {
        return elements.size();
    }

    /** Whether keys must be selected right before an element, so that the driver cannot run them all at once. */
    boolean oneByOne() throws SQLException {
        for (Capture element : elements) {
            if (element != null && element.selects()) {
                return true;
            }
        }
        return false;
    }

    /** @throws StatementRefusedException if one would be refused when it is its turn, behind others that have run */
    void checkSelectable() throws SQLException {
        for (Capture element : elements) {
            if (element != null) {
                element.checkSelectable();
            }
        }
    }

    /** @throws StatementRefusedException if an element would select its keys by what was true some time ago */
    void checkSnapshots(Work work) throws SQLException {
        boolean selecting = false;
        for (Capture element : elements) {
            selecting |= element != null && element.selectsBySubquery();
        }
        for (Capture element : elements) {
            if (selecting && element != null) {
                element.checkSnapshot(work);
                if (element.readsGenerated()) {
                    work.reads();
                }
            }
        }
    }

    /** Of all elements. */
    List<Captured> before(Connection connection) throws SQLException {
        List<Captured> keys = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            keys.addAll(before(connection, i).keys());
        }
        return keys;
    }

    /** Of one element. */
    Before before(Connection connection, int element) throws SQLException {
        Capture capture = elements.get(element);
        return capture == null ? Before.known(List.of()) : capture.before(connection, ranges);
    }

    /** How what the elements generated is learnt afterwards: once for each table. */
    List<Generated> generated() {
        return List.copyOf(ranges.values());
    }
}
