package dev.dualwrite.jdbc.runtime;

import dev.dualwrite.FlagSource;
import dev.dualwrite.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a flag source answered in one look. A question that was not answered as it may be is empty, and stands under what is wrong.
 *
 * @param wrong with the source, in words
 */
record Said(
        Optional<Boolean> kill,
        Optional<Boolean> hold,
        Optional<Optional<Phase>> phase,
        Optional<OptionalDouble> readPercent,
        Optional<Map<String, Set<String>>> readCohort,
        Optional<OptionalDouble> sampling,
        Optional<Boolean> paused,
        List<String> wrong) {
    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z0-9._-]{1,40}");
    private static final int VALUE = 200;

    /** Kill first: what comes after it may be long in coming. */
    static Said by(FlagSource source) {
        List<String> wrong = new ArrayList<>();
        Optional<FlagSource> moment = ask("now", wrong, any -> true, source::now);
        if (moment.isEmpty()) {
            return new Said(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.copyOf(wrong));
        }
        FlagSource now = moment.get();
        return new Said(
                ask("kill", wrong, any -> true, now::kill),
                ask("hold", wrong, any -> true, now::hold),
                ask("requestedPhase", wrong, any -> true, now::requestedPhase),
                ask("readPercent", wrong, Said::percent, now::readPercent),
                ask("readCohort", wrong, Said::members, now::readCohort),
                ask("sampling", wrong, Said::percent, now::sampling),
                ask("paused", wrong, any -> true, now::paused),
                List.copyOf(wrong));
    }

    private static <T> Optional<T> ask(
            String what, List<String> wrong, Predicate<T> allowed, Supplier<@Nullable T> question) {
        try {
            @Nullable T answer = question.get();
            if (answer != null && allowed.test(answer)) {
                return Optional.of(answer);
            }
            wrong.add(what + " says " + answer + ", which is not allowed");
        } catch (RuntimeException | LinkageError e) {
            wrong.add(what + " throws " + e);
        }
        return Optional.empty();
    }

    private static boolean percent(OptionalDouble percent) {
        return percent.isEmpty() || (percent.getAsDouble() >= 0 && percent.getAsDouble() <= 100);
    }

    /** Whether these may be members of a cohort. */
    static boolean members(Map<String, Set<String>> members) {
        return new LinkedHashMap<>(members)
                .entrySet().stream()
                        .allMatch(member -> ATTRIBUTE.matcher(member.getKey()).matches()
                                && !member.getKey().equals("percent")
                                && !member.getKey().equals("salt")
                                && member.getValue().stream()
                                        .allMatch(value -> !value.isBlank() && value.length() <= VALUE));
    }
}
