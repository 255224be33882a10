package dev.dualwrite.corpus;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The statements that the tests of the corpus go through. Each follows from the seed and its number alone:
 * {@code -Dcorpus.seed=} draws others, {@code -Dcorpus.statements=} more of them, {@code -Dcorpus.statement=} one alone.
 */
public final class Corpus {
    private static final long SEED = 20_261_127;
    private static final List<Form> FORMS = weighted();
    private static final List<Mode> MODES = List.of(Mode.values());

    private final long seed;
    private final List<Long> numbers;
    private final boolean whole;

    private Corpus(long seed, List<Long> numbers, boolean whole) {
        this.seed = seed;
        this.numbers = numbers;
        this.whole = whole;
    }

    /** @param statements how many, if nothing else is asked for */
    public static Corpus of(int statements) {
        long seed = Long.getLong("corpus.seed", SEED);
        Long one = Long.getLong("corpus.statement");
        int count = Integer.getInteger("corpus.statements", statements);
        List<Long> numbers = one == null ? LongStream.range(0, count).boxed().toList() : List.of(one);
        System.out.println("-Dcorpus.seed=" + seed + ", " + numbers.size() + " statements");
        return new Corpus(seed, numbers, one == null && count >= statements);
    }

    /** Always the same ones. */
    static Corpus fixed(int statements) {
        return new Corpus(SEED, LongStream.range(0, statements).boxed().toList(), true);
    }

    /** Whether enough is drawn for everything that is expected to occur. */
    public boolean whole() {
        return whole;
    }

    /** The statements, mode by mode. */
    public Stream<Sample> samples() {
        return numbers.stream()
                .map(this::sample)
                .sorted((one, other) -> one.mode().compareTo(other.mode()));
    }

    private Sample sample(long number) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        Form form = FORMS.get((int) (number % FORMS.size()));
        Mode mode = MODES.get((int) (number / FORMS.size() % MODES.size()));
        Words words = new Words(random, mode);
        String target = new Changes(words).write(form);
        return new Sample(number, form, mode, target, words.text(), words.parameters(), words.traits());
    }

    private static List<Form> weighted() {
        return Stream.of(Form.values())
                .flatMap(form -> Collections.nCopies(form.weight(), form).stream())
                .toList();
    }
}
