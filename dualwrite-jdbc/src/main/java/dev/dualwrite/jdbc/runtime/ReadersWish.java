package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.Cohort;
import dev.dualwrite.DualWriteException;
import dev.dualwrite.Phase;
import dev.dualwrite.TextFlags;
import dev.dualwrite.jdbc.control.ControlSide;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grants what is wished for of readers, in the phase in which it counts. The cohort only grows; a wish for nobody, after one for
 * more, takes everybody out. Called by one thread.
 */
final class ReadersWish {
    private static final Logger LOG = LoggerFactory.getLogger(ReadersWish.class);

    /** The gate asks many questions: not more often than this. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Migration migration;
    private final Wishes wishes;
    private long notBefore = System.nanoTime();

    ReadersWish(Migration migration) {
        this.migration = migration;
        this.wishes = migration.wishes();
    }

    /** Grants what can be granted; why the rest cannot be, {@link Wishes} tells. */
    void grant(ControlSide owner) {
        if (System.nanoTime() < notBefore) {
            return;
        }
        try {
            tryTo(owner);
            wishes.readersRefused(Optional.empty());
        } catch (DualWriteException | SQLException e) {
            notBefore = System.nanoTime() + RETRY.toNanos();
            wishes.readersRefused(Optional.of(String.valueOf(e.getMessage())));
            LOG.debug(
                    "{}: readers are wished for and not granted",
                    migration.settings().name(),
                    e);
        }
    }

    private void tryTo(ControlSide owner) throws SQLException {
        OptionalDouble byTable = wishes.tableShare();
        OptionalDouble bySource = wishes.source().shareWish();
        Map<String, Set<String>> tableMembers = wishes.tableMembers();
        Map<String, Set<String>> sourceMembers = wishes.source().membersWish();
        if (migration.ownership().phase().reads() != Phase.Reads.COHORT
                || (byTable.isEmpty() && bySource.isEmpty() && tableMembers.isEmpty() && sourceMembers.isEmpty())) {
            return;
        }
        if (byTable.isPresent() && share(byTable.getAsDouble(), true)) {
            granted(owner, TextFlags.READ_PERCENT);
        }
        if (bySource.isPresent()
                && share(bySource.getAsDouble(), wishes.source().hadMore())) {
            wishes.source().settledShare(bySource.getAsDouble());
        }
        if (wishes.held().isPresent()) {
            return;
        }
        if (!tableMembers.isEmpty()) {
            takeIn(tableMembers);
            granted(owner, TextFlags.READ_COHORT);
        }
        if (!sourceMembers.isEmpty()) {
            takeIn(sourceMembers);
            wishes.source().settledMembers(sourceMembers);
        }
    }

    /** Whether the wish is over: granted, or one that changes nothing. */
    private boolean share(double percent, boolean afterMore) throws SQLException {
        Cohort cohort = migration.cohort();
        if (percent == 0) {
            if (afterMore && !cohort.isEmpty()) {
                migration.resetCohort();
            }
            return true;
        }
        if (percent > cohort.percent() && wishes.held().isPresent()) {
            return false;
        }
        return percent <= cohort.percent()
                || migration.growCohort(percent)
                || migration.cohort().percent() >= percent;
    }

    private void takeIn(Map<String, Set<String>> members) throws SQLException {
        Cohort cohort = migration.cohort();
        for (Map.Entry<String, Set<String>> member : members.entrySet()) {
            if (!cohort.members().getOrDefault(member.getKey(), Set.of()).containsAll(member.getValue())) {
                migration.growCohort(member.getKey(), member.getValue());
            }
        }
    }

    /** Takes a flag out of the table, unless it was set anew meanwhile. */
    private void granted(ControlSide owner, String flag) throws SQLException {
        String text = wishes.text(flag).orElse("");
        owner.inTransaction(connection -> {
            owner.flags().clear(connection, flag, text);
            return flag;
        });
    }
}
