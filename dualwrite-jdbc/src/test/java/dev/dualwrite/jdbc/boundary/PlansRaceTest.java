package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Side;
import dev.dualwrite.flip.FenceRow;
import dev.dualwrite.jdbc.boundary.Plans.Modes;
import dev.dualwrite.jdbc.control.ControlNames;
import dev.dualwrite.jdbc.control.FenceTable;
import dev.dualwrite.jdbc.control.IntentWriter;
import dev.dualwrite.jdbc.schema.Dialect;
import dev.dualwrite.jdbc.schema.SideSchema;
import dev.dualwrite.jdbc.schema.Table;
import dev.dualwrite.key.KeyColumn;
import dev.dualwrite.key.KeySpec;
import dev.dualwrite.key.KeyType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plans are cached by text; those of a schema that was read again since are never used for it. With real threads. */
@Timeout(600)
class PlansRaceTest {
    private static final int SCHEMAS = 3_000;
    private static final List<String> TEXTS =
            List.of("DELETE FROM item WHERE id = 1", "UPDATE item SET id = 2", "INSERT INTO item (id) VALUES (3)");

    /** Of a migration whose source is read again and again, and each time found to be another one. */
    private static final class Rereading implements Routes {
        private volatile SideSchema schema = read(0);
        private final IntentWriter intents =
                new IntentWriter(new FenceTable(new ControlNames("m", Side.SOURCE, "s", "dualwrite_"), Dialect.MYSQL));

        /** The table tells which reading it is of. */
        static SideSchema read(int number) {
            KeyColumn key = new KeyColumn("id", KeyType.INTEGER, "bigint", 0, 0, false, 0, false, "", "", true);
            Table item = new Table("s" + number, "item", List.of(), new KeySpec("item", List.of(key)), List.of());
            return new SideSchema(
                    Side.SOURCE,
                    "s",
                    Dialect.MYSQL,
                    "8.4.0",
                    Map.of("item", item),
                    Set.of(),
                    Set.of(),
                    Set.of(),
                    new SideSchema.Elsewhere(Set.of(), Set.of(), Set.of()));
        }

        @Override
        public SideSchema schema(Side side) {
            return schema;
        }

        @Override
        public IntentWriter intents(Side side) {
            return intents;
        }

        @Override
        public Side believedOwner() {
            return Side.SOURCE;
        }

        @Override
        public DataSource pool(Side side) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean admits(FenceRow row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean confirmed(Side side) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean stillOwns(Side side) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean serves(FenceRow row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Side awaitOwner(FenceRow refused) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String migration() {
            return "race";
        }

        @Override
        public void committed(Side owner, Written intents, long nanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> ledger() {
            return Optional.empty();
        }

        @Override
        public ReadRoutes readRoutes() {
            return ReadRoutes.OWNER;
        }

        @Override
        public boolean compares() {
            return false;
        }

        @Override
        public @Nullable Sampled sample(Read read) {
            return null;
        }

        @Override
        public void mixed(String domainTable, String outsideTable) {
            throw new UnsupportedOperationException();
        }
    }

    private static String planned(Plans plans, int text) throws SQLException {
        Plan plan = plans.plan(TEXTS.get(text % TEXTS.size()), Side.SOURCE, Modes.DEFAULT, null);
        return Objects.requireNonNull(plan.change()).table().schema();
    }

    private static String of(SideSchema schema) {
        return schema.require("item").schema();
    }

    @Test
    void noPlanOfASchemaOutlivesIt() throws Exception {
        Rereading routes = new Rereading();
        Plans plans = new Plans(routes, Set.of());
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger judged = new AtomicInteger();
        Queue<Object> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(() -> {
                try {
                    for (int text = 0; !ended.get(); text++) {
                        String before = of(routes.schema);
                        String planned = planned(plans, text);
                        if (before.equals(of(routes.schema))) { // nobody read it again meanwhile
                            judged.incrementAndGet();
                            if (!planned.equals(before)) {
                                wrong.add(planned + " instead of " + before);
                            }
                        }
                    }
                } catch (SQLException | RuntimeException | Error e) {
                    wrong.add(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (int i = 1; i <= SCHEMAS && wrong.isEmpty(); i++) {
            SideSchema next = Rereading.read(i);
            routes.schema = next;
            // whoever still plans by the schema of before stores it beside this
            for (int text = 0; text < TEXTS.size(); text++) {
                String planned = planned(plans, text);
                if (!planned.equals(of(next))) {
                    wrong.add(planned + " instead of " + of(next));
                }
            }
        }
        ended.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).as("planned by a schema that is over").isEmpty();
        assertThat(judged).as("plans beside a change of the schema").hasPositiveValue();
    }
}
