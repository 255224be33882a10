package dev.dualwrite.testkit.contract;

import dev.dualwrite.testkit.DualWriteHarness;
import dev.dualwrite.testkit.HarnessBuilder;
import dev.dualwrite.testkit.rehearsal.Fault;
import dev.dualwrite.testkit.rehearsal.Faults;
import dev.dualwrite.testkit.rehearsal.StatementMix;
import dev.dualwrite.testkit.rehearsal.Transaction;
import org.junit.jupiter.api.Nested;

/** The faults that come with the kit keep their contract: those of the follower, of the connections, and of a commit. */
class FaultContractIT {

    abstract static class OnVisits extends FaultContract {
        @Override
        protected HarnessBuilder databases() {
            return DualWriteHarness.isolated().schema("CREATE TABLE visit (id BIGINT AUTO_INCREMENT PRIMARY KEY);");
        }

        @Override
        protected Transaction load() {
            return StatementMix.parse("INSERT INTO visit VALUES (NULL);");
        }
    }

    @Nested
    class FollowerDown extends OnVisits {
        @Override
        protected Fault fault() {
            return Faults.FOLLOWER_DOWN;
        }
    }

    @Nested
    class ConnectionsCut extends OnVisits {
        @Override
        protected Fault fault() {
            return Faults.CONNECTIONS_CUT;
        }
    }

    @Nested
    class CommitAnswerLost extends OnVisits {
        @Override
        protected Fault fault() {
            return Faults.COMMIT_ANSWER_LOST;
        }
    }
}
