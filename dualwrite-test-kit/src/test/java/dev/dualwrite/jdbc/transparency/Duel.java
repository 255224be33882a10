package dev.dualwrite.jdbc.transparency;

import dev.dualwrite.jdbc.transparency.Meeting.Ended;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets two applications make the same calls, one of them through the library. */
final class Duel {
    private static final Logger LOG = LoggerFactory.getLogger(Duel.class);

    /** A missing parameter; a column, table or syntax that the server does not know. */
    private static final Pattern BEFORE_IT_RUNS = Pattern.compile("threw java\\.sql\\.SQL[A-Za-z]* (07001|42...)/");

    private final Ground ground;
    private final Options options;
    private final Met met;
    private final Lie lie;

    /** @param lie what the library's side is said to answer wrongly */
    Duel(Ground ground, Options options, Met met, Lie lie) {
        this.ground = ground;
        this.options = options;
        this.met = met;
        this.lie = lie;
    }

    /**
     * The library's side goes first, so that the other one can leave out what it refuses.
     *
     * @return the first difference that is not allowed
     */
    Optional<Difference> run(Script script) throws SQLException {
        boolean parted = false;
        boolean refusedEarly = false;
        Set<String> apart = new HashSet<>(); // what the two have by this name is not of the same execution
        try (Host wrapped = ground.wrappedHost(lie);
                Host bare = ground.bareHost()) {
            Map<String, List<Ended>> executions = new HashMap<>();
            for (int i = 0; i < script.calls().size(); i++) {
                Call call = script.calls().get(i);
                met.called();
                Seen with = call.on(wrapped);
                Optional<Refused> refused = purpose(call, with);
                if (call.executes() && !with.text().equals("[]")) {
                    executions
                            .computeIfAbsent(call.subject(), subject -> new ArrayList<>())
                            .add(Ended.of(with, refused.isPresent()));
                }
                if (refused.isPresent()) {
                    met.add(refused.get());
                    Seen.of(bare, call.instead());
                    continue;
                }
                Seen without = call.on(bare);
                refusedEarly |= BEFORE_IT_RUNS.matcher(without.text()).lookingAt();
                if (without.text().equals(with.text()) || apart.stream().anyMatch(call::asks)) {
                    continue;
                }
                List<Ended> ended = executions.getOrDefault(call.subject(), List.of());
                Meeting meeting = new Meeting(ground.phase(), options, script, i, refusedEarly, ended, without, with);
                Optional<Allowed> allowed = Allowed.of(meeting);
                if (allowed.isEmpty()) {
                    return Optional.of(new Difference(script, i, without.text(), with.text()));
                }
                met.add(allowed.get());
                call.keptAs().ifPresent(apart::add);
                if (allowed.get().rest() != Allowed.Rest.GOES_ON) {
                    parted = allowed.get().rest() == Allowed.Rest.PARTS;
                    break;
                }
            }
        }
        if (parted) {
            ground.begin(options);
        }
        return Optional.empty();
    }

    private Optional<Refused> purpose(Call call, Seen seen) {
        return call.refusals().stream()
                .filter(one -> one.code().equals(seen.refusal()) && one.in(ground.phase()))
                .findFirst();
    }

    /** As {@link #run}, from the rows that a block begins with, and with a look at the rows afterwards. */
    Optional<Difference> alone(Script script) throws SQLException {
        ground.begin(options);
        Optional<Difference> found = run(script);
        return found.isPresent() ? found : rows(script);
    }

    /** Whether the rows differ that a script has left. */
    Optional<Difference> rows(Script script) throws SQLException {
        String rows = ground.difference();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Difference(script, script.calls().size() - 1, "", rows));
    }

    /** The same difference by fewer calls, if it shows without the scripts before it. */
    Difference shrunk(Difference found) {
        Difference least = found.needingWhatCameBefore();
        try {
            Optional<Difference> alone = alone(found.script().upTo(found.at()));
            if (alone.isEmpty()) {
                return least;
            }
            least = alone.get();
            for (int i = least.at() - 1; i > 0; i--) {
                Optional<Difference> less =
                        alone(least.script().upTo(least.at()).without(i));
                if (less.isPresent() && less.get().kind().equals(least.kind())) {
                    least = less.get();
                    i = Math.min(i, least.at());
                }
            }
        } catch (SQLException e) {
            LOG.warn("not shrunk any further", e);
        }
        return least;
    }
}
