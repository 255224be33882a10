package dev.dualwrite.testkit.rehearsal;

import dev.dualwrite.testkit.fault.Cut;
import dev.dualwrite.testkit.fault.Database;
import dev.dualwrite.testkit.fault.Moment;
import dev.dualwrite.testkit.fault.ServerFault;
import dev.dualwrite.testkit.fault.StatementLog;
import java.time.Duration;

/**
 * The usual faults. Owner and follower are those of the moment: before a flip the follower is the target, after it the
 * source. The application has to go on committing in all of them but while its own connections are cut.
 */
public enum Faults implements Fault {
    /** Each packet to the follower takes 20 ms longer. */
    FOLLOWER_SLOW {
        @Override
        public String strike(Scene scene) {
            Database follower = scene.stage().follower();
            try (StatementLog asked = follower.libraryNetwork().record()) {
                follower.slow(Duration.ofMillis(20));
                scene.awaitCommits(COMMITS);
                scene.await("the slow follower is asked something", () -> asked.roundTrips() >= COMMITS);
                return asked.roundTrips() + " round trips to the follower were slow";
            } finally {
                follower.restore();
            }
        }
    },
    /** The follower is gone. */
    FOLLOWER_DOWN {
        @Override
        public String strike(Scene scene) throws Exception {
            return withoutFollower(scene, down -> {
                down.down();
                return down::restore;
            });
        }
    },
    /** The follower takes everything and answers nothing. */
    FOLLOWER_SILENT {
        @Override
        public String strike(Scene scene) throws Exception {
            return withoutFollower(scene, silent -> {
                silent.blackHole();
                return silent::restore;
            });
        }
    },
    /**
     * The follower's server takes no writes, not even those of the library's account. Hits everybody who uses that server. Refused
     * for a MariaDB, where an administrator as the library is one writes all the same.
     */
    FOLLOWER_READ_ONLY {
        @Override
        public String strike(Scene scene) throws Exception {
            return withoutFollower(scene, follower -> ServerFault.superReadOnly(follower.server())::close);
        }
    },
    /** The follower's server has no free connection, and those that there were are ended. Hits everybody who uses that server. */
    FOLLOWER_FULL {
        @Override
        public String strike(Scene scene) throws Exception {
            return withoutFollower(scene, follower -> ServerFault.full(follower.server())::close);
        }
    },
    /**
     * The follower's server stands still, with all that it holds. Hits everybody who uses that server. Refused for a server that is
     * no process of the kit.
     */
    FOLLOWER_STOPPED {
        @Override
        public String strike(Scene scene) throws Exception {
            return withoutFollower(scene, follower -> ServerFault.stopped(follower.server())::close);
        }
    },
    /** The follower's server is killed, and started again on its data. As {@link #FOLLOWER_STOPPED}. */
    FOLLOWER_KILLED {
        @Override
        public String strike(Scene scene) throws Exception {
            return withoutFollower(scene, follower -> ServerFault.killed(follower.server())::close);
        }
    },
    /** Each packet to the owner takes 5 ms longer. */
    OWNER_SLOW {
        @Override
        public String strike(Scene scene) {
            Database owner = scene.stage().owner();
            try (StatementLog asked = owner.applicationNetwork().record()) {
                owner.slow(Duration.ofMillis(5));
                scene.awaitCommits(COMMITS);
                return asked.roundTrips() + " round trips of the application were slow";
            } finally {
                owner.restore();
            }
        }
    },
    /** All connections to both sides are cut, the application's in the middle of its transactions. */
    CONNECTIONS_CUT {
        @Override
        public String strike(Scene scene) {
            Database owner = scene.stage().owner();
            scene.await(
                    "the application has connections",
                    () -> owner.applicationNetwork().connections() > 0);
            int open = owner.applicationNetwork().connections();
            owner.cut();
            scene.stage().follower().cut();
            scene.awaitCommits(COMMITS);
            return open + " connections of the application were cut";
        }
    },
    /** A commit is carried out, and its answer is lost. */
    COMMIT_ANSWER_LOST {
        @Override
        public String strike(Scene scene) {
            return cutCommit(scene, Moment.AFTER);
        }
    },
    /** A commit is lost on its way. */
    COMMIT_LOST {
        @Override
        public String strike(Scene scene) {
            return cutCommit(scene, Moment.BEFORE);
        }
    };

    private static final int COMMITS = 20;

    /** Breaks a database, and says how to mend it. */
    private interface Break {
        Runnable apply(Database database) throws Exception;
    }

    /** Each transaction of the load leaves an intent of its own, which stays if nothing comes to the follower. */
    private static String withoutFollower(Scene scene, Break how) throws Exception {
        Runnable mend = how.apply(scene.stage().follower());
        try {
            // what waited before says nothing, and a round that was under way may still take some of it out
            scene.await("the queue grows by all that is committed", () -> {
                long waiting = queued(scene);
                long before = scene.committed();
                scene.awaitCommits(COMMITS);
                long since = scene.committed() - before;
                return queued(scene) - waiting >= since;
            });
            return queued(scene) + " changes queued up while the application went on";
        } finally {
            mend.run();
        }
    }

    private static long queued(Scene scene) {
        return scene.stage().dualWrite().status().queued();
    }

    private static String cutCommit(Scene scene, Moment moment) {
        try (Cut cut = scene.stage().owner().applicationNetwork().cutNextCommit(moment)) {
            scene.await("a commit is cut", () -> cut.hits() > 0);
            scene.awaitCommits(1);
            return cut.hits() + " commit was cut " + moment;
        }
    }
}
