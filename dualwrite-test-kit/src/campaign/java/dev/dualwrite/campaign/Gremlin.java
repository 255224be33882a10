package dev.dualwrite.campaign;

import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Hold;
import dev.dualwrite.testkit.fault.Moment;
import dev.dualwrite.testkit.fault.ServerFault;
import dev.dualwrite.testkit.fault.Statement;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.server.Schema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the faults of a plan, each at its time, in a thread of its own. {@link #heal()} ends them all. What lasts, lasts
 * one after the other; what waits for a statement or a seam waits beside.
 */
final class Gremlin {
    private static final Logger LOG = LoggerFactory.getLogger(Gremlin.class);

    /** As of a constraint, which does not pass by itself. */
    private static final int CHECK_VIOLATED = 3819;

    private final Plan plan;
    private final Progress progress;
    private final Both<TcpProxy> proxies;
    private final Both<Schema> schemas;
    private final List<Instance> instances;
    private final Child child;
    private final Coverage coverage;
    private final Thread thread;
    private final List<AutoCloseable> armed = new ArrayList<>();
    private volatile boolean childDied;
    private volatile boolean childStands;

    Gremlin(
            Plan plan,
            String name,
            Progress progress,
            Both<TcpProxy> proxies,
            Both<Schema> schemas,
            List<Instance> instances,
            Child child,
            Coverage coverage) {
        this.plan = plan;
        this.progress = progress;
        this.proxies = proxies;
        this.schemas = schemas;
        this.instances = instances;
        this.child = child;
        this.coverage = coverage;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether the child was killed, or told to die at a seam and did. */
    boolean childDied() {
        return childDied || !child.alive();
    }

    private void run() {
        for (Fault fault : plan.faults()) {
            while (!progress.reached(fault.step(), fault.after())) {
                if (progress.ended()) {
                    return;
                }
                LockSupport.parkNanos(1_000_000);
            }
            try {
                act(fault);
            } catch (IOException | SQLException e) {
                if (child.alive()) {
                    throw new IllegalStateException("could not do " + fault, e);
                }
            }
        }
    }

    private void act(Fault fault) throws IOException, SQLException {
        TcpProxy proxy = proxies.of(fault.side());
        switch (fault.kind()) {
            case CUT_BEFORE, CUT_AFTER -> {
                Moment moment = fault.kind() == Fault.Kind.CUT_BEFORE ? Moment.BEFORE : Moment.AFTER;
                Cut cut = proxy.cutNext(moment, nth(fault, () -> {}));
                armed.add(cut);
            }
            case HOLD -> {
                List<Hold> itself = new ArrayList<>();
                Hold hold = proxy.holdNext(nth(fault, () -> later(fault, () -> itself.forEach(Hold::release))));
                itself.add(hold);
                armed.add(hold);
            }
            case DELAY -> lasting(fault, () -> proxy.delay(Duration.ofMillis(8)), () -> proxy.pass());
            case DOWN -> lasting(fault, proxy::down, proxy::pass);
            case STALL -> lasting(fault, proxy::stall, proxy::pass);
            case BLACK_HOLE -> lasting(fault, proxy::blackHole, proxy::pass);
            case KILL_SESSIONS -> {
                hit(fault);
                killSessions(schemas.of(fault.side()), fault.millis());
            }
            case REFUSE -> refuse(fault, schemas.of(fault.side()));
            case SEAM_PAUSE ->
                instances
                        .get(fault.inFlip() ? 0 : fault.nth() % instances.size())
                        .seats()
                        .arm(fault.seam(), fault.nth(), () -> {
                            hit(fault);
                            LockSupport.parkNanos(fault.millis() * 1_000_000L);
                        });
            case CHILD_STOP_AT -> child.stopAt(fault.seam(), fault.nth(), seam -> stopped(fault));
            case CHILD_HALT_AT -> child.haltAt(fault.seam(), fault.nth(), () -> hit(fault));
            case CHILD_STOP -> {
                hit(fault);
                child.pause();
                LockSupport.parkNanos(fault.millis() * 1_000_000L);
                child.resume();
            }
            case CHILD_KILL -> {
                hit(fault);
                childDied = true;
                child.kill();
            }
        }
    }

    /** The child stands at a seam: it is stopped wholly, with its heart and its locks, and goes on later. */
    private void stopped(Fault fault) {
        hit(fault);
        childStands = true;
        try {
            child.pause();
            LockSupport.parkNanos(fault.millis() * 1_000_000L);
            child.resume();
            child.go();
        } catch (IOException dead) {
            // it was killed meanwhile
        }
        childStands = false;
    }

    /** Where somebody keeps the table too busy for a trigger, there is none. */
    private void refuse(Fault fault, Schema schema) {
        Table table = plan.tables().get(fault.nth() % plan.tables().size());
        try (ServerFault refusing =
                ServerFault.refusing(schema.server(), schema.name(), table.name(), "NEW.lot % 2 = 0", CHECK_VIOLATED)) {
            LOG.debug("{}", refusing);
            hit(fault);
            LockSupport.parkNanos(fault.millis() * 1_000_000L);
        } catch (SQLException busy) {
            LOG.debug("{} is too busy to refuse anything", table.name(), busy);
        }
    }

    private void hit(Fault fault) {
        coverage.hit(fault.where(), progress.activity());
    }

    private void lasting(Fault fault, Runnable begin, Runnable end) {
        hit(fault);
        begin.run();
        LockSupport.parkNanos(fault.millis() * 1_000_000L);
        end.run();
    }

    /** The nth statement of the kind, once. */
    private Predicate<Statement> nth(Fault fault, Runnable then) {
        AtomicInteger seen = new AtomicInteger();
        return statement -> {
            if (!fault.point().test(statement) || seen.incrementAndGet() != fault.nth()) {
                return false;
            }
            hit(fault);
            then.run();
            return true;
        };
    }

    private static void later(Fault fault, Runnable what) {
        Thread timer = new Thread(
                () -> {
                    LockSupport.parkNanos(fault.millis() * 1_000_000L);
                    what.run();
                },
                "campaign-timer");
        timer.setDaemon(true);
        timer.start();
    }

    /** Ends some of the sessions in a schema, as an operator or a proxy might. */
    private static void killSessions(Schema schema, int pattern) throws SQLException {
        try (Connection connection = schema.server().connect();
                java.sql.Statement statement = connection.createStatement()) {
            List<Long> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery(
                    "SELECT id FROM information_schema.processlist WHERE db = '" + schema.name() + "'")) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            for (int i = 0; i < ids.size(); i++) {
                if ((pattern >> i % 9 & 1) == 1) {
                    try {
                        statement.execute("KILL " + ids.get(i));
                    } catch (SQLException gone) {
                        // it has ended by itself
                    }
                }
            }
        }
    }

    /** Ends every fault, and lets everything go on. */
    void heal() throws Exception {
        progress.end();
        thread.join(30_000);
        if (thread.isAlive()) {
            throw new AssertionError("the faults do not end");
        }
        for (AutoCloseable rule : armed) {
            rule.close();
        }
        for (Instance instance : instances) {
            instance.seats().disarm();
        }
        proxies.all().forEach(TcpProxy::pass);
        while (childStands) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
