package dev.dualwrite.testkit.oracle;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A difference of two values of a column that is no difference, with a name that says why. Immutable if its test is.
 *
 * @param name for the report; not blank
 * @param accepts of the source's and the target's value, as the servers write them as text, whether they count as equal; is
 *     asked only about values that differ, and never about NULL: NULL equals nothing but NULL
 */
public record Tolerance(String name, BiPredicate<String, String> accepts) {
    public Tolerance {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a tolerance has a name that says why it is there");
        }
    }

    /** Numbers that differ by at most so much. What is no number is not tolerated. */
    public static Tolerance numbersWithin(String most) {
        BigDecimal distance = new BigDecimal(most);
        return new Tolerance("numbers within " + most, (source, target) -> {
            try {
                return new BigDecimal(source)
                                .subtract(new BigDecimal(target))
                                .abs()
                                .compareTo(distance)
                        <= 0;
            } catch (NumberFormatException noNumber) {
                return false;
            }
        });
    }

    /** Dates with times that differ by at most so long. What is none is not tolerated. */
    public static Tolerance timesWithin(Duration most) {
        return new Tolerance("times within " + most, (source, target) -> {
            try {
                return Duration.between(time(source), time(target)).abs().compareTo(most) <= 0;
            } catch (DateTimeParseException noTime) {
                return false;
            }
        });
    }

    /** Texts that are equal but for case. */
    public static Tolerance ignoringCase() {
        return new Tolerance(
                "ignoring case",
                (source, target) -> source.toLowerCase(Locale.ROOT).equals(target.toLowerCase(Locale.ROOT)));
    }

    boolean equal(@Nullable String source, @Nullable String target) {
        return Objects.equals(source, target) || (source != null && target != null && accepts.test(source, target));
    }

    private static LocalDateTime time(String text) {
        return LocalDateTime.parse(text.replace(' ', 'T'));
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }
}
