package dev.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.DualWriteException;
import dev.dualwrite.GateReport.Check;
import dev.dualwrite.Phase;
import dev.dualwrite.Side;
import dev.dualwrite.coverage.Requirement;
import dev.dualwrite.coverage.Scenario;
import dev.dualwrite.testkit.fault.Eventually;
import dev.dualwrite.testkit.server.ServerKind;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The two sides are not defined alike: it is told at the start, and a value is parked before it is changed to fit. */
class UnlikeSidesIT {

    /** A column of which the target takes less. */
    enum Less {
        WHOLE("BIGINT NULL", "INT NULL", "takes fewer digits", "9999999999", "5"),
        SIGN("INT NULL", "INT UNSIGNED NULL", "takes nothing below zero", "-1", "1"),
        DIGITS("DECIMAL(10,4) NULL", "DECIMAL(8,4) NULL", "takes fewer digits", "12345.5", "1.5"),
        CENTS("DECIMAL(10,4) NULL", "DECIMAL(10,2) NULL", "rounds", "1.2345", "1.5"),
        DAY("DATETIME(6) NULL", "DATETIME NULL", "rounds", "'2024-12-31 23:59:59.6'", "'2024-12-31 23:59:59'"),
        CLOCK("TIME(3) NULL", "TIME NULL", "rounds", "'100:00:00.5'", "'100:00:00'"),
        MOMENT("TIMESTAMP(3) NULL", "TIMESTAMP NULL", "rounds", "'2024-01-01 00:00:00.5'", "'2024-01-01 00:00:00'"),
        FLOATING("DOUBLE NULL", "FLOAT NULL", "rounds", "0.1", "0.5"),
        WORD("VARCHAR(20) NULL", "VARCHAR(5) NULL", "is shorter", "'longer'", "'short'"),
        SPACES("VARCHAR(10) NULL", "VARCHAR(3) NULL", "is shorter", "'ab    '", "'ab '"),
        PADDED("VARCHAR(5) NULL", "CHAR(5) NULL", "cuts spaces off", "'a '", "'a'"),
        LETTERS(
                "VARCHAR(20) CHARACTER SET utf8mb4 NULL",
                "VARCHAR(20) CHARACTER SET latin1 NULL",
                "lacks letters (latin1 for utf8mb4)",
                "'\u65e5\u672c'",
                "'Gr\u00fc\u00dfe'"),
        BODY("TEXT NULL", "TINYTEXT NULL", "is shorter", "REPEAT('x', 300)", "'x'"),
        RAW("VARBINARY(8) NULL", "BINARY(8) NULL", "fills up with zeros", "0x01", "0x0102030405060708"),
        BITS("BIT(10) NULL", "BIT(4) NULL", "takes fewer bits", "b'1111111111'", "b'101'"),
        KIND("ENUM('a','b','c') NULL", "ENUM('a','b') NULL", "has fewer members", "'c'", "'b'"),
        SOME("SET('x','y','z') NULL", "SET('x','y') NULL", "has fewer members", "'x,z'", "'x'"),
        SHAPE(
                "GEOMETRY NULL",
                "POINT NULL",
                "takes fewer shapes",
                "ST_GeomFromText('LINESTRING(0 0, 1 1)')",
                "ST_GeomFromText('POINT(1 2)')"),
        OTHER("VARCHAR(20) NULL", "INT NULL", "is of another type", "'1.5'", "'15'"),
        NAME("VARCHAR(20) NULL", "DECIMAL(10,2) NULL", "is of another type", "'a name'", "'1.50'"),
        MUST("INT NULL DEFAULT 1", "INT NOT NULL DEFAULT 1", "takes no NULL", "NULL", "2");

        private final String source;
        private final String target;
        private final String way;
        private final String tooMuch;
        private final String fits;

        Less(String source, String target, String way, String tooMuch, String fits) {
            this.source = source;
            this.target = target;
            this.way = way;
            this.tooMuch = tooMuch;
            this.fits = fits;
        }

        private String column() {
            return name().toLowerCase(java.util.Locale.ROOT) + "_";
        }

        private int number() {
            return List.of(values()).indexOf(this);
        }

        private String insert(int id, String value) {
            return "INSERT INTO less (id, " + column() + ") VALUES (" + (id + number()) + ", " + value + ")";
        }
    }

    private static String ddl() {
        return Arrays.stream(Less.values())
                .map(less -> less.column() + " " + less.source)
                .collect(Collectors.joining(
                        ", ", "CREATE TABLE less (id INT PRIMARY KEY, ", ") ENGINE=InnoDB CHARSET=utf8mb4"));
    }

    private static void define(Rig rig, boolean narrower) throws SQLException {
        rig.schema(Side.TARGET)
                .execute(Arrays.stream(Less.values())
                        .map(less -> "MODIFY " + less.column() + " " + (narrower ? less.target : less.source))
                        .collect(Collectors.joining(", ", "ALTER TABLE less ", "")));
    }

    private static List<Check> failed(Node node) {
        return node.dualWrite().gate(Phase.REVERSE_WINDOW).failed();
    }

    private static String detail(Node node, String check) {
        return node.dualWrite().gate(Phase.REVERSE_WINDOW).checks().stream()
                .filter(one -> one.name().equals(check))
                .findFirst()
                .orElseThrow()
                .detail();
    }

    private static void parked(Node node, int count) {
        Eventually.eventually()
                .untilAsserted(() -> assertThat(node.dualWrite().parked(100)).hasSize(count));
    }

    private static String ids(Rig rig, Side side) throws SQLException {
        return rig.ask(side, "SELECT GROUP_CONCAT(id ORDER BY id) FROM less");
    }

    @Scenario(59)
    @Requirement(29)
    @Test
    void whatTheTargetTakesLessOfIsToldAndParkedAndNothingIsChangedToFit() throws Exception {
        Less[] all = Less.values();
        try (Rig rig = Rig.shared(ddl())) {
            define(rig, true);
            Node node = rig.node("one").start();
            List<String> told = new ArrayList<>(node.dualWrite().findings());
            told.removeIf(finding -> finding.startsWith("SOURCE"));
            assertThat(told).hasSameSizeAs(all);
            for (Less less : all) {
                assertThat(told)
                        .filteredOn(finding -> finding.startsWith("TARGET: less." + less.column() + " "))
                        .singleElement()
                        .asString()
                        .endsWith(", which " + less.way);
            }

            for (Less less : all) {
                node.write(less.insert(0, less.tooMuch)); // the first rows are copied
                node.write(less.insert(100, less.fits));
            }
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            assertThat(node.dualWrite().backfill().complete()).isTrue();
            parked(node, all.length);
            for (Less less : all) {
                node.write(less.insert(200, less.tooMuch)); // and these are converged
                node.write(less.insert(300, less.fits));
            }
            parked(node, 2 * all.length);
            Eventually.eventually().until("the rest converges", () -> rig.queued(Side.SOURCE) == 0);
            for (Less less : all) {
                for (int id : new int[] {less.number(), 200 + less.number()}) {
                    assertThat(node.dualWrite().parked(100))
                            .anySatisfy(unit -> assertThat(unit).startsWith("less " + id + ":"));
                }
            }
            assertThat(failed(node)).extracting(Check::name).contains("target-as-wide", "nothing-parked");

            node.write("DELETE FROM less WHERE id < 100 OR id BETWEEN 200 AND 299");
            Eventually.eventually()
                    .until("nothing is parked", () -> node.dualWrite().status().parked() == 0);
            Rig.verify(node.dualWrite());
            assertThat(ids(rig, Side.TARGET)).isEqualTo(ids(rig, Side.SOURCE));
            assertThat(failed(node)).singleElement().satisfies(check -> {
                assertThat(check.name()).isEqualTo("target-as-wide");
                for (Less less : all) {
                    assertThat(check.detail()).contains("less." + less.column() + " is ", less.way);
                }
            });
            assertThatThrownBy(() -> node.dualWrite().acceptFinding("less.id", "as wide"))
                    .isInstanceOfSatisfying(
                            DualWriteException.class, e -> assertThat(e.code()).isEqualTo("DW-5016"));
            for (Less less : all) {
                node.dualWrite().acceptFinding("less." + less.column(), "nobody writes it");
            }
            assertThat(failed(node)).isEmpty();
            assertThat(detail(node, "target-as-wide")).contains("less.word_", "which was accepted");
            assertThat(node.dualWrite().audit(500).toString()).contains("finding-accepted", "nobody writes it");
            node.close();

            rig.both("UPDATE less SET word_ = 'four' WHERE word_ IS NOT NULL");
            rig.schema(Side.TARGET).execute("ALTER TABLE less MODIFY word_ VARCHAR(4) NULL");
            Node again = rig.node("two").start();
            assertThat(again.dualWrite().backfill().complete()).isTrue();
            Rig.verify(again.dualWrite());
            Eventually.eventually()
                    .untilAsserted(() -> assertThat(failed(again))
                            .as("another definition was not accepted")
                            .singleElement()
                            .satisfies(check -> assertThat(check.detail())
                                    .startsWith("less.word_ is")
                                    .doesNotContain("sign_")));
            again.dualWrite().acceptFinding("LESS.WORD_", "four letters will do");
            Rig.flipInSomeTries(again.dualWrite()::flip);
            again.write("UPDATE less SET cents_ = 2.25 WHERE cents_ IS NOT NULL");
            Rig.flipInSomeTries(again.dualWrite()::rollBack);
            Rig.verify(again.dualWrite());
            again.close();
            define(rig, false);
            rig.log().claim("cents", "SELECT MIN(cents_) FROM less", "2.2500");
            rig.finish();
        }
    }

    @Scenario(59)
    @Test
    void aWiderTargetIsEqualAndOnTheWayBackNothingIsChangedToFit() throws Exception {
        String narrow = "MODIFY n INT NULL, MODIFY d DECIMAL(12,2) NULL, MODIFY t DATETIME NULL, MODIFY c TIME NULL,"
                + " MODIFY m TIMESTAMP NULL, MODIFY w VARCHAR(10) CHARACTER SET latin1 NULL, MODIFY e ENUM('a','b') NULL, MODIFY b BIT(4) NULL";
        String wide =
                "MODIFY n BIGINT NULL, MODIFY d DECIMAL(16,4) NULL, MODIFY t DATETIME(6) NULL, MODIFY c TIME(3) NULL,"
                        + " MODIFY m TIMESTAMP(6) NULL, MODIFY w VARCHAR(40) CHARACTER SET utf8mb4 NULL, MODIFY e ENUM('c','b','a') NULL, MODIFY b BIT(12) NULL";
        String row =
                "(%d, 5, 1.5, '2024-12-31 23:59:59', '-100:00:00', '2024-01-01 00:00:00', 'Gr\u00fc\u00dfe', 'a', b'101')";
        try (Rig rig = Rig.shared(
                "CREATE TABLE more (id INT PRIMARY KEY, n INT, d INT, t INT, c INT, m INT, w INT, e INT, b INT) ENGINE=InnoDB")) {
            rig.schema(Side.SOURCE).execute("ALTER TABLE more " + narrow);
            rig.schema(Side.TARGET).execute("ALTER TABLE more " + wide);
            Node node = rig.node("one").start();
            assertThat(node.dualWrite().findings()).hasSize(8).allMatch(finding -> finding.startsWith("SOURCE: more."));
            node.write("INSERT INTO more VALUES " + row.formatted(1));
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            assertThat(node.dualWrite().backfill().complete()).isTrue();
            node.write("INSERT INTO more VALUES " + row.formatted(2));
            Eventually.eventually().until("converged", () -> rig.queued(Side.SOURCE) == 0);
            Rig.verify(node.dualWrite());
            assertThat(detail(node, "target-as-wide")).contains("on the way back, more.d is");
            Rig.flipInSomeTries(node.dualWrite()::flip);

            node.write("INSERT INTO more VALUES " + row.formatted(3));
            node.write("INSERT INTO more (id, d) VALUES (4, 1.2345)");
            node.write("INSERT INTO more (id, t) VALUES (5, '2024-12-31 23:59:59.6')");
            node.write("INSERT INTO more (id, c) VALUES (6, '10:00:00.6')");
            node.write("INSERT INTO more (id, m) VALUES (7, '2024-12-31 23:59:59.6')");
            parked(node, 4);
            Eventually.eventually().until("the rest converges", () -> rig.queued(Side.TARGET) == 0);
            assertThat(rig.ask(Side.SOURCE, "SELECT GROUP_CONCAT(id ORDER BY id) FROM more"))
                    .isEqualTo("1,2,3");
            node.write("DELETE FROM more WHERE id > 3");
            Eventually.eventually()
                    .until("nothing is parked", () -> node.dualWrite().status().parked() == 0);
            Rig.flipInSomeTries(node.dualWrite()::rollBack);
            Rig.verify(node.dualWrite());
            rig.log().claim("rows", "SELECT COUNT(*) FROM more", "3");
            node.close();
            rig.schema(Side.TARGET).execute("ALTER TABLE more " + narrow);
            rig.finish();
        }
    }

    @Scenario(60)
    @Test
    void keysThatOnlyTheTargetHoldsForEqualAreToldAtTheStart() throws Exception {
        try (Rig rig = Rig.shared("CREATE TABLE named (id INT PRIMARY KEY, n VARCHAR(20) COLLATE utf8mb4_bin NOT NULL,"
                + " m VARCHAR(20) COLLATE utf8mb4_bin NULL, o INT NULL, UNIQUE KEY one_n (n), UNIQUE KEY one_o (o))"
                + " ENGINE=InnoDB CHARSET=utf8mb4")) {
            rig.schema(Side.TARGET)
                    .execute("ALTER TABLE named MODIFY n VARCHAR(20) COLLATE utf8mb4_general_ci NOT NULL,"
                            + " ADD UNIQUE KEY one_m (m), ADD UNIQUE KEY both_of (o, m)");
            Node node = rig.node("one").start();
            assertThat(node.dualWrite().findings())
                    .containsExactlyInAnyOrder(
                            "TARGET: named (n) is a unique key of other collations: utf8mb4_general_ci there, utf8mb4_bin here",
                            "TARGET: named (m) is a unique key there only");
            node.write("INSERT INTO named VALUES (1, 'a', 'x', 1)");
            Rig.readyToFlip(node.dualWrite());
            assertThat(failed(node)).extracting(Check::name).containsExactly("target-as-wide");
            node.write("INSERT INTO named VALUES (2, 'A', 'y', 2)");
            node.write("INSERT INTO named VALUES (3, 'c', 'x', 3)");
            parked(node, 2);
            assertThat(rig.ask(Side.TARGET, "SELECT GROUP_CONCAT(id, n, m, o) FROM named"))
                    .isEqualTo("1ax1");
            node.write("DELETE FROM named WHERE id > 1");
            Eventually.eventually()
                    .until("nothing is parked", () -> node.dualWrite().status().parked() == 0);
            node.dualWrite().acceptFinding("named (n)", "the application writes lower case");
            node.dualWrite().acceptFinding("named (m)", "wanted");
            Rig.flipInSomeTries(node.dualWrite()::flip);
            node.write("UPDATE named SET m = 'z' WHERE id = 1");
            rig.log().claim("m", "SELECT m FROM named", "z");
            rig.finish();
        }
    }

    @Scenario(60)
    @Test
    void primaryKeysThatAreEqualUnderOtherRulesAreRefusedAtTheStart() throws Exception {
        try (Rig rig = Rig.shared(
                "CREATE TABLE coded (c VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY, v INT) ENGINE=InnoDB CHARSET=utf8mb4")) {
            rig.schema(Side.TARGET)
                    .execute("ALTER TABLE coded MODIFY c VARCHAR(20) COLLATE utf8mb4_general_ci NOT NULL");
            assertThatThrownBy(() -> rig.node("one").start())
                    .isInstanceOfSatisfying(
                            DualWriteException.class, e -> assertThat(e.code()).isEqualTo("DW-1004"))
                    .hasMessageContaining("coded.c")
                    .hasMessageContaining("utf8mb4_general_ci");
        }
    }

    /** MySQL keeps exact decimals in documents, and reads floating-point numbers out of the text of one. */
    @Scenario(57)
    @Test
    void aDocumentThatItsTextDoesNotCarryIsParked() throws Exception {
        boolean parks = TwoServers.get().source().kind() == ServerKind.MYSQL;
        try (Rig rig = Rig.shared("CREATE TABLE paper (id INT PRIMARY KEY, j JSON NULL) ENGINE=InnoDB")) {
            Node node = rig.node("one").start();
            node.write("INSERT INTO paper VALUES (1, JSON_OBJECT('price', 1.10))");
            Rig.enter(node.dualWrite(), Phase.DUAL_WRITE);
            assertThat(node.dualWrite().backfill().complete()).isTrue();
            node.write("INSERT INTO paper VALUES (2, JSON_OBJECT('price', 2.20)), (3, JSON_OBJECT('price', 3.5))");
            parked(node, parks ? 2 : 0);
            Eventually.eventually().until("the rest converges", () -> rig.queued(Side.SOURCE) == 0);
            assertThat(rig.ask(Side.TARGET, "SELECT GROUP_CONCAT(id ORDER BY id) FROM paper"))
                    .isEqualTo(parks ? "3" : "1,2,3");
            node.write("DELETE FROM paper WHERE id < 3");
            Eventually.eventually()
                    .until("nothing is parked", () -> node.dualWrite().status().parked() == 0);
            Rig.verify(node.dualWrite());
            rig.log().present("paper", "id", 3);
            rig.finish();
        }
    }
}
