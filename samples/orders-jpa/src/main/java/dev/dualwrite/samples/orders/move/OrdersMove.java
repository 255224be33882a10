package dev.dualwrite.samples.orders.move;

import dev.dualwrite.FlipOutcome;
import dev.dualwrite.Phase;
import dev.dualwrite.PhaseOutcome;
import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.samples.orders.sales.Counter;
import dev.dualwrite.samples.orders.sales.Receipt;
import dev.dualwrite.testkit.server.ProviderName;
import dev.dualwrite.testkit.server.ServerRequest;
import dev.dualwrite.testkit.server.ServersUnavailableException;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts two servers and the application, and moves its database while customers order: dual write, backfill, verification,
 * flip, rollback, flip, end. Then counts whether everything that customers were told is there. {@code mvn -q -pl
 * samples/orders-jpa -am compile exec:java} runs it.
 */
public final class OrdersMove {
    private final PrintStream out;
    private final Duration stage;
    private final long began = System.nanoTime();

    OrdersMove(PrintStream out, Duration stage) {
        this.out = out;
        this.stage = stage;
    }

    /** Fails if anything was lost. */
    public static void main(String[] args) throws Exception {
        if (!new OrdersMove(System.out, Duration.ofSeconds(2)).run()) {
            throw new IllegalStateException("the move failed, see above");
        }
    }

    /** Whether it went as it should. */
    boolean run() throws SQLException, InterruptedException {
        try (TwoServers servers = servers();
                Shop shop = Shop.on(servers)) {
            say(servers.describe());
            ConfigurableApplicationContext application = shop.start(List.of());
            Counter counter = application.getBean(Counter.class);
            DualWrite dualWrite = application.getBean(DualWrite.class);
            Shoppers shoppers = new Shoppers(List.of(counter), 4);
            shoppers.stock();
            shoppers.start();
            boolean done = operate(dualWrite, shoppers);
            shoppers.end();
            return verdict(shoppers, counter, application.getBean("target", DataSource.class)) && done;
        }
    }

    /** The embedded server where there is one for this platform, unless -Ddualwrite.servers says otherwise. */
    private static TwoServers servers() {
        ServerRequest request = ServerRequest.fromEnvironment();
        if (!(request.choice() instanceof ServerRequest.Choice.Any)) {
            return TwoServers.open(request);
        }
        try {
            return TwoServers.open(request.from(ProviderName.EMBEDDED));
        } catch (ServersUnavailableException notHere) {
            return TwoServers.open(request);
        }
    }

    private boolean operate(DualWrite dualWrite, Shoppers shoppers) throws InterruptedException {
        sell("SOURCE_ONLY", dualWrite, shoppers);
        if (!enter(dualWrite, Phase.DUAL_WRITE)) {
            return false;
        }
        say("backfill: " + dualWrite.backfill());
        sell("DUAL_WRITE", dualWrite, shoppers);
        if (!moved("flip", dualWrite, dualWrite::flip)) {
            return false;
        }
        sell("REVERSE_WINDOW", dualWrite, shoppers);
        if (!moved("rollback", dualWrite, dualWrite::rollBack)) {
            return false;
        }
        sell("DUAL_WRITE again", dualWrite, shoppers);
        if (!moved("flip", dualWrite, dualWrite::flip)) {
            return false;
        }
        sell("REVERSE_WINDOW again", dualWrite, shoppers);
        if (!verified(dualWrite) || !enter(dualWrite, Phase.TARGET_ONLY)) {
            return false;
        }
        sell("TARGET_ONLY", dualWrite, shoppers);
        return true;
    }

    private void sell(String where, DualWrite dualWrite, Shoppers shoppers) throws InterruptedException {
        shoppers.go(stage, 10);
        DualWrite.Status status = dualWrite.status();
        say("%s: %,d orders there, %,d cancelled, longest visit %d ms; %s owns, %d queued"
                .formatted(
                        where,
                        shoppers.told().size(),
                        shoppers.cancelled().size(),
                        shoppers.longest().toMillis(),
                        status.ownership().owner(),
                        status.queued()));
    }

    private boolean enter(DualWrite dualWrite, Phase phase) {
        PhaseOutcome outcome = dualWrite.enter(phase);
        say("enter " + phase + ": " + outcome);
        return outcome instanceof PhaseOutcome.Entered;
    }

    private boolean verified(DualWrite dualWrite) {
        DualWrite.VerificationReport report = dualWrite.verify();
        say("verify: " + report);
        return report.equal();
    }

    /** A flip that does not fit its budget gives up by itself and may be tried again. */
    private boolean moved(String what, DualWrite dualWrite, Supplier<FlipOutcome> flip) {
        for (int i = 0; i < 5 && verified(dualWrite); i++) {
            FlipOutcome outcome = flip.get();
            if (outcome instanceof FlipOutcome.Flipped flipped) {
                say("%s: done at epoch %d, writers stalled for %d ms"
                        .formatted(what, flipped.epoch(), flipped.stall().toMillis()));
                return true;
            }
            say(what + ": " + outcome);
        }
        return false;
    }

    private boolean verdict(Shoppers shoppers, Counter counter, DataSource owner) {
        List<String> wrong = Books.wrong(owner);
        Map<String, Receipt> told = shoppers.told();
        long lost = told.entrySet().stream()
                .filter(order -> !found(counter, order.getKey()).equals(Optional.of(order.getValue())))
                .count();
        shoppers.failures().forEach(failure -> say("a customer failed: " + failure));
        wrong.forEach(this::say);
        say("orders told %,d, lost or different %,d".formatted(told.size(), lost));
        boolean good = lost == 0
                && wrong.isEmpty()
                && !told.isEmpty()
                && shoppers.failures().isEmpty();
        say(good ? "GOOD" : "BAD");
        return good;
    }

    private static Optional<Receipt> found(Counter counter, String reference) {
        try {
            return Optional.of(counter.look(reference));
        } catch (NoSuchElementException lost) {
            return Optional.empty();
        }
    }

    private void say(String what) {
        out.printf(Locale.ROOT, "%5.1f s  %s%n", (System.nanoTime() - began) / 1e9, what);
    }
}
