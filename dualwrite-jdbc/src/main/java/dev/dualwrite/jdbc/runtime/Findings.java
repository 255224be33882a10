package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.Side;
import dev.dualwrite.jdbc.control.ControlSide;
import dev.dualwrite.jdbc.follower.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the target takes less of than the source, and what the source would on the way back. Rows that meet it are parked; and
 * once the target owns, the application meets it itself, where a session that is not strict loses what does not fit. So the
 * gate to the target is closed until an operator has accepted each by name. The way back leads to where the application was:
 * there it is only told. Acceptances stand in the flag tables of both sides. Thread-safe.
 */
final class Findings {
    private static final Logger LOG = LoggerFactory.getLogger(Findings.class);

    private final Places places;
    private final Settings settings;
    private final Audit audit;

    Findings(Places places, Settings settings, Audit audit) {
        this.places = places;
        this.settings = settings;
        this.audit = audit;
    }

    private List<Finding> of(Side owner) throws SQLException {
        return places.direction(owner).mappings().findings(owner);
    }

    /** Says all of them once. */
    void tell() throws SQLException {
        of(Side.SOURCE)
                .forEach(finding -> LOG.warn(
                        "DW-1014 {}: the target takes less than the source: {}. What it does not take is parked",
                        settings.name(),
                        finding));
    }

    /** All of them, for people. */
    List<String> all() throws SQLException {
        List<String> all = new ArrayList<>();
        for (Side owner : Side.values()) {
            of(owner).forEach(finding -> all.add(owner.other() + ": " + finding));
        }
        return all;
    }

    /** What keeps the target from owning: what was not accepted. */
    Optional<String> wrong() throws SQLException {
        Map<String, String> flags = flags();
        List<Finding> left = of(Side.SOURCE).stream()
                .filter(finding -> !flags.containsKey(flag(finding)))
                .toList();
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(left.stream().map(Finding::toString).collect(Collectors.joining("; "))
                        + ". Make the target as wide as the source, or acceptFinding");
    }

    /** What is to be said if nothing is wrong. */
    String accepted() {
        try {
            List<String> said = new ArrayList<>();
            of(Side.SOURCE).forEach(finding -> said.add(finding + ", which was accepted"));
            of(Side.TARGET).forEach(finding -> said.add("on the way back, " + finding));
            return String.join("; ", said);
        } catch (SQLException e) {
            return "";
        }
    }

    /**
     * Accepts that the target takes less, in this way.
     *
     * @throws DualWriteException DW-5016, if that is not so
     */
    void accept(String name, String reason, long epoch) throws SQLException {
        List<Finding> found = of(Side.SOURCE).stream()
                .filter(finding -> finding.of().equalsIgnoreCase(name))
                .toList();
        if (found.isEmpty()) {
            throw new DualWriteException(
                    "DW-5016",
                    "the target takes no less than the source of '" + name + "'; there are "
                            + of(Side.SOURCE).stream().map(Finding::of).toList());
        }
        for (Side side : List.of(Side.TARGET, Side.SOURCE)) { // the source's is what counts, so it comes last
            ControlSide control = places.of(side).control();
            for (Finding finding : found) {
                control.inTransaction(connection -> {
                    control.flags().set(connection, flag(finding), "accepted", settings.instance());
                    return finding;
                });
                audit.add(side, epoch, "finding-accepted", finding + ", " + reason);
            }
        }
    }

    private Map<String, String> flags() throws SQLException {
        ControlSide control = places.of(Side.SOURCE).control();
        try (Connection connection = control.connection()) {
            return control.flags().read(connection);
        }
    }

    /** What is changed afterwards was not accepted. */
    private static String flag(Finding finding) {
        return "accept " + Digest.ofRows(List.of("finding", finding.of(), finding.says()));
    }
}
