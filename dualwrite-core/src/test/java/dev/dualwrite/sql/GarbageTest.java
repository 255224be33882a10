package dev.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Garbage of fixed seeds: the reader answers whatever it is, and takes no more steps than its length allows. {@code
 * -Dfuzz.texts=} draws more of it, {@code -Dfuzz.seed=} other.
 */
class GarbageTest {
    /** Steps for a character: twice as many as were ever needed. */
    private static final int STEPS = 120;

    private static final long SEED = Long.getLong("fuzz.seed", 20_261_127);
    private static final int TEXTS = Integer.getInteger("fuzz.texts", 300);
    private static final int LONG = 12_000;

    private static final List<SqlDialect> DIALECTS = List.of(
            SqlDialect.mysql(80403),
            SqlDialect.mysql(90700).withModes(true, false),
            SqlDialect.mariadb(110405).withModes(true, true));

    private static final String[] PIECES = """
            ( ) , ; . = := <=> < > ! || && | & + - * / % ? ' '' " ` @ @@ { } \\ # -- /* */ /*! /*!50000 /*!99999 /*M!100100 \
            /*+ 0x1F 0b 1e 1. .5 x'1F' N'a' _utf8mb4'a' 'it''s' 'a\\'b' `a``b` a t.a a.b.c SELECT FROM WHERE INSERT INTO VALUES \
            VALUE ROW SET UPDATE DELETE REPLACE WITH RECURSIVE AS ON DUPLICATE KEY ORDER BY LIMIT UNION IN BETWEEN AND OR XOR NOT \
            IS NULL CASE WHEN THEN ELSE END EXISTS JOIN USING TABLE LATERAL FOR LOCK IGNORE DEFAULT PARTITION RETURNING \
            EXTRACT( TRIM( CAST( nextval( SET_VAR CALL BEGIN XA LOAD DATA PREPARE EXECUTE IMMEDIATE""".split(" ", -1);

    private static final String[] STATEMENTS = {
        "INSERT INTO t (a, b) VALUES (?, 'x'), (1, NULL) ON DUPLICATE KEY UPDATE a = VALUES(a)",
        "UPDATE t AS x SET x.a = ?, b = b + 1 WHERE x.id = ? AND (c = 'it''s' OR d IN (SELECT e FROM u WHERE f = 1))",
        "DELETE FROM t WHERE (a, b) IN ((1, 2), (?, ?)) AND c BETWEEN 1 AND 2 /* c */ ORDER BY a LIMIT 3",
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION SELECT n + 1 FROM c) UPDATE t, c SET a = 1 WHERE t.id = c.n",
        "SELECT CASE WHEN a = 1 THEN (SELECT MAX(b) FROM u) END FROM t x JOIN v ON x.a = v.a FOR UPDATE",
        "REPLACE INTO s.t SET a = x'1F', b = N'y', c = _utf8mb4 'z', d = @v := 1",
        "/*!40000 INSERT */ INTO `a b` SELECT * FROM (TABLE t) AS d -- end\n",
    };

    /** How garbage is made. */
    enum Garbage {
        BYTES(random -> {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(400);
            for (int i = 0; i < length; i++) {
                text.append((char) random.nextInt(256));
            }
            return text.toString();
        }),
        CHARACTERS(random -> {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(200);
            for (int i = 0; i < length; i++) {
                text.append((char) random.nextInt(0x10000));
            }
            return text.toString();
        }),
        PIECES_IN_ANY_ORDER(random -> {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(200);
            for (int i = 0; i < length; i++) {
                text.append(any(random, PIECES)).append(random.nextInt(3) == 0 ? "" : " ");
            }
            return text.toString();
        }),
        MUTATED(random -> {
            StringBuilder text = new StringBuilder(any(random, STATEMENTS));
            int mutations = 1 + random.nextInt(6);
            for (int i = 0; i < mutations; i++) {
                int at = random.nextInt(text.length() + 1);
                int to = Math.min(text.length(), at + random.nextInt(20));
                switch (random.nextInt(4)) {
                    case 0 -> text.delete(at, to);
                    case 1 -> text.insert(at, any(random, PIECES));
                    case 2 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, to));
                    default -> text.replace(at, to, String.valueOf((char) random.nextInt(128)));
                }
            }
            return text.toString();
        }),
        /** What is repeated often enough shows a cost that grows with more than the length. */
        REPEATED(random -> {
            String piece = several(random);
            String begin = random.nextInt(3) == 0 ? "" : before(any(random, STATEMENTS), random);
            return begin + piece.repeat(LONG / piece.length()) + several(random);
        }),
        NESTED(random -> {
            String open = any(random, "(", "(SELECT ", "(a = 1 AND ", "(a, (", "IF(", "CASE WHEN ", "/*! (", "{fn f(")
                    + several(random);
            int depth = LONG / 2 / open.length();
            String close = any(random, ")", ") ", "END)", "*/)", "");
            return before(any(random, STATEMENTS), random) + open.repeat(depth) + "1" + close.repeat(depth);
        });

        @SuppressWarnings("ImmutableEnumChecker")
        private final Function<SplittableRandom, String> draw;

        Garbage(Function<SplittableRandom, String> draw) {
            this.draw = draw;
        }

        private static String any(SplittableRandom random, String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        private static String several(SplittableRandom random) {
            StringBuilder text = new StringBuilder();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                text.append(any(random, PIECES)).append(random.nextInt(3) == 0 ? "" : " ");
            }
            return text.toString();
        }

        private static String before(String statement, SplittableRandom random) {
            return statement.substring(0, random.nextInt(statement.length())) + " ";
        }
    }

    @ParameterizedTest
    @EnumSource
    void garbageIsReadInStepsThatItsLengthAllows(Garbage garbage) throws ReflectiveOperationException {
        SplittableRandom random = new SplittableRandom(SEED + garbage.name().hashCode());
        double most = 0;
        for (SqlDialect dialect : DIALECTS) {
            Steps steps = new Steps(dialect);
            for (int i = 0; i < TEXTS / DIALECTS.size(); i++) {
                String text = garbage.draw.apply(random);
                long taken = steps.of(text);
                double each = (double) taken / (text.length() + 40);
                most = Math.max(most, each);
                assertThat(each)
                        .as("steps for each of %s characters of %s", text.length(), text)
                        .isLessThan(STEPS);
            }
        }
        System.out.printf("%s: at most %.1f steps for a character, -Dfuzz.seed=%d%n", garbage, most, SEED);
    }

    @Test
    void stepsAreCounted() throws ReflectiveOperationException {
        Steps steps = new Steps(SqlDialect.mysql(80403));
        String row = ", (1, 'a')";
        long one = steps.of("INSERT INTO t VALUES (1, 'a')" + row.repeat(1_000));

        assertThat(one).isGreaterThan(row.length() * 1_000L);
        assertThat(steps.of("INSERT INTO t VALUES (1, 'a')" + row.repeat(2_000)))
                .isBetween(one * 3 / 2, one * 5 / 2);
    }
}
