package dev.dualwrite.jdbc.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.Phase;
import dev.dualwrite.coverage.Scenario;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application makes the same calls with the library and without, and after each of them it has seen the same. In every
 * phase, with the driver's options varied. {@code -Dtransparency.transactions=} says how many, {@code -Dtransparency.from=}
 * from which seed on, and {@code -Dtransparency.seed=} does one block again.
 */
class TransparencyIT {
    private static final Logger LOG = LoggerFactory.getLogger(TransparencyIT.class);
    private static final List<Phase> PHASES = List.of(Phase.values());

    /** Of a walk through the phases. */
    private static final int BLOCKS = PHASES.size() * Options.ROWS.size();

    private static final int MOST_IN_A_BLOCK = 100;

    /** Some transactions with one set of options in one phase, all drawn from one seed. */
    private record Block(long seed, int size) {
        Phase phase() {
            return PHASES.get((int) (seed % BLOCKS) / Options.ROWS.size());
        }

        private int row() {
            return (int) (seed % Options.ROWS.size());
        }

        Options options() {
            return Options.ROWS.get(row());
        }

        boolean ofHalf() {
            return Options.even(row()) == (PHASES.indexOf(phase()) % 2 == 0);
        }

        /** The first ones are the same in all blocks. */
        List<Script> scripts() {
            List<Script> scripts = new ArrayList<>();
            scripts.add(RollCall.script());
            scripts.addAll(RollCall.endings());
            long first = new SplittableRandom(seed).nextLong();
            LongStream.range(first, first + size).mapToObj(Scripts::draw).forEach(scripts::add);
            return scripts;
        }
    }

    private static boolean again() {
        return System.getProperty("transparency.seed") != null;
    }

    /** @param half whether a phase has half of the options only: the even ones, or the odd ones */
    private record Plan(int walks, int blockSize, boolean half) {
        static Plan of(int transactions) {
            int walks = ceil(transactions, BLOCKS * MOST_IN_A_BLOCK);
            boolean half = transactions < BLOCKS * 10;
            return new Plan(walks, ceil(transactions, BLOCKS * walks / (half ? 2 : 1)), half);
        }

        private static int ceil(int a, int b) {
            return Math.max(1, (a + b - 1) / b);
        }
    }

    private static final Plan PLAN = Plan.of(Integer.getInteger("transparency.transactions", 256));

    /** The first seed of each walk. */
    static List<Long> walks() {
        if (again()) {
            return List.of(Long.getLong("transparency.seed"));
        }
        long first = Long.getLong("transparency.from", 2026L * BLOCKS) / BLOCKS;
        return LongStream.range(first, first + PLAN.walks())
                .mapToObj(walk -> walk * BLOCKS)
                .toList();
    }

    @Scenario(100)
    @ParameterizedTest(name = "from seed {0}")
    @MethodSource("walks")
    void theApplicationSeesTheSame(long first) throws Exception {
        List<Block> blocks = again()
                ? List.of(new Block(first, MOST_IN_A_BLOCK))
                : LongStream.range(first, first + BLOCKS)
                        .mapToObj(seed -> new Block(seed, PLAN.blockSize()))
                        .filter(block -> !PLAN.half() || block.ofHalf())
                        .toList();
        Met met = new Met();
        Map<String, String> differences = new LinkedHashMap<>();
        try (Ground ground = new Ground()) {
            for (Block block : blocks) {
                ground.walkTo(block.phase());
                run(ground, block, met, differences);
            }
            if (differences.isEmpty()) {
                ground.finish();
            }
        }
        int transactions = blocks.stream().mapToInt(Block::size).sum();
        LOG.info(
                "seeds {} to {}: {} transactions, {}",
                first,
                blocks.get(blocks.size() - 1).seed(),
                transactions,
                met);
        assertThat(String.join("\n", differences.values())).isEmpty();
        if (!again()) {
            assertThat(met.missing()).as("what is allowed and was not met").isEmpty();
        }
    }

    /** If the rows differ in the end, once more, with a look at them after each transaction. */
    private static void run(Ground ground, Block block, Met met, Map<String, String> differences) throws SQLException {
        boolean found = play(ground, block, met, again(), differences);
        String rows = ground.difference();
        if (!rows.isEmpty() && !found && !play(ground, block, met, true, differences)) {
            differences.put(block.toString(), "a block that ended differently, and then not again: " + block + rows);
        }
    }

    /** Notes the differences of a block that are of another kind than those before. */
    private static boolean play(
            Ground ground, Block block, Met met, boolean lookAtRows, Map<String, String> differences)
            throws SQLException {
        Duel duel = new Duel(ground, block.options(), met, Lie.NONE);
        ground.begin(block.options());
        boolean any = false;
        for (Script script : block.scripts()) {
            Optional<Difference> found = duel.run(script);
            if (found.isEmpty() && lookAtRows) {
                found = duel.rows(script);
            }
            if (found.isPresent()) {
                any = true;
                if (!differences.containsKey(found.get().kind())) {
                    String told = told(block, duel.shrunk(found.get()));
                    LOG.error("{}", told);
                    differences.put(found.get().kind(), told);
                }
                ground.begin(block.options());
            }
        }
        return any;
    }

    private static String told(Block block, Difference difference) {
        return "-Dtransparency.seed=" + block.seed() + " in " + block.phase() + " with " + block.options() + "\n"
                + difference + "\n";
    }

    /** A test of the test. */
    @Test
    void whatIsPassedOnWronglyIsFound() throws Exception {
        Options options = Options.ROWS.get(0);
        Set<Lie> found = EnumSet.noneOf(Lie.class);
        try (Ground ground = new Ground()) {
            for (Lie lie : Lie.values()) {
                Duel duel = new Duel(ground, options, new Met(), lie);
                ground.begin(options);
                boolean differs = false;
                for (long seed = 0; seed < 150 && !differs; seed++) {
                    Script script = Scripts.draw(seed);
                    differs = duel.run(script).isPresent() || duel.rows(script).isPresent();
                }
                if (differs) {
                    found.add(lie);
                }
            }
        }
        assertThat(found).containsExactlyElementsOf(Arrays.asList(Lie.values()).subList(1, Lie.values().length));
    }
}
