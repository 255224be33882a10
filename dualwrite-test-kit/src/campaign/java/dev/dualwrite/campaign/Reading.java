package dev.dualwrite.campaign;

import dev.dualwrite.Reader;
import dev.dualwrite.Side;
import dev.dualwrite.campaign.Growth.Kind;
import dev.dualwrite.campaign.Read.Elsewhere;
import dev.dualwrite.campaign.Timeline.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds the reads of a run against who may answer them, and counts which routes they took. */
final class Reading {
    static final String READS = "reads ";
    static final String WHILE_MOVING = "reads while some move ";
    static final String BY_FOLLOWER = "reads by the follower ";

    private final Plan plan;
    private final Timeline timeline;
    private final Tally tally;

    Reading(Plan plan, Timeline timeline, Tally tally) {
        this.plan = plan;
        this.timeline = timeline;
        this.tally = tally;
    }

    /** What is wrong with the side that answered it, in words. */
    Optional<String> judge(Read read) {
        Optional<Span> during = timeline.during(read.began(), read.ended());
        if (during.isEmpty()) {
            tally.count("reads while something changed");
            return Optional.empty();
        }
        Span span = during.get();
        Side owner = span.state().owner();
        boolean byFollower = span.state().copies() && read.side() != owner;
        for (String route : routes(read)) {
            tally.count(READS + route);
            if (span.state().copies()) {
                tally.count(WHILE_MOVING + route);
            }
            if (byFollower) {
                tally.count(BY_FOLLOWER + route);
            }
        }
        long age = read.began() - span.since();
        if (age <= Timeline.AGE) {
            return Optional.empty();
        }
        tally.count("reads judged by their side");
        if (read.side() == owner || (byFollower && read.moves() && kind(read).isPresent())) {
            return Optional.empty();
        }
        return Optional.of((byFollower ? "ASTRAY: " : "LATE: ") + "client c" + read.client() + " read " + read.route()
                + (read.elsewhere() == Elsewhere.NO ? "" : ", " + read.elsewhere()) + ", in zone " + read.zone()
                + ", and " + read.side()
                + " answered, " + age / 1_000_000 + " ms after it was reported that "
                + owner + " owns" + (byFollower ? " and others may read elsewhere" : " and answers all reads"));
    }

    private List<String> routes(Read read) {
        Reader reader = plan.reader(read.client());
        List<String> names = new ArrayList<>();
        names.add(read.route().toString());
        names.add(reader.key().isEmpty() ? Route.KEYLESS : Route.KEYED);
        if (read.elsewhere() != Elsewhere.NO) {
            names.add(read.elsewhere().toString());
        }
        if (read.moves()) {
            kind(read).ifPresent(kind -> names.add(kind.toString()));
        }
        return names;
    }

    /** By what this reader belongs to the cohort in the end; by a share only if by nothing else. */
    private Optional<Kind> kind(Read read) {
        Reader reader = plan.reader(read.client());
        return plan.cohort().stream()
                .filter(growth -> growth.takes(reader, read.zone()))
                .map(Growth::kind)
                .max(Kind::compareTo);
    }
}
