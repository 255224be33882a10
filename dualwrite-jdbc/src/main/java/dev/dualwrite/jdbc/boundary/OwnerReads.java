package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.Side;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** For routes on which no read moves. */
final class OwnerReads implements ReadRoutes {

    @Override
    public void uncertain() {
        // the owner knows
    }

    @Override
    public boolean move() {
        return false;
    }

    @Override
    public @Nullable CohortReads follower(Set<String> tables, @Nullable WriteToken after) {
        return null;
    }

    @Override
    public boolean elseOwner(Set<String> tables) {
        return false;
    }

    @Override
    public Set<String> appendOnly() {
        return Set.of();
    }

    @Override
    public boolean mayRead(Side side) {
        return false;
    }

    @Override
    public boolean missesOwnWrite(Set<String> tables, @Nullable WriteToken after) {
        return false;
    }

    @Override
    public void mayHaveWritten(Written written) {
        // the owner knows
    }

    @Override
    public void failed(Side side, SQLException why) {
        // none was sent there
    }

    @Override
    public boolean inAutocommit() {
        return false;
    }
}
