package dev.dualwrite.converge;

import static dev.dualwrite.converge.ErrorClass.ORDERING;
import static dev.dualwrite.converge.ErrorClass.PERMANENT;
import static dev.dualwrite.converge.ErrorClass.TRANSIENT;
import static dev.dualwrite.converge.ErrorClass.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dualwrite.coverage.Scenario;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Scenario(17)
class ErrorClassTest {

    @ParameterizedTest(name = "{3}: {0}")
    @CsvSource(
            nullValues = "-",
            value = {
                "1213, 40001, TRANSIENT, deadlock",
                "1205, HY000, TRANSIENT, lock wait timeout",
                "3572, HY000, TRANSIENT, NOWAIT",
                "1290, HY000, TRANSIENT, read-only server",
                "1836, HY000, TRANSIENT, read-only mode",
                "1040, 08004, TRANSIENT, too many connections",
                "1203, 42000, TRANSIENT, too many connections of an account",
                "1226, 42000, TRANSIENT, a limit of the account",
                "1053, 08S01, TRANSIENT, shutting down",
                "1317, 70100, TRANSIENT, interrupted",
                "3024, HY000, TRANSIENT, cut off by its time limit",
                "1927, 70100, TRANSIENT, connection killed",
                "1045, 28000, TRANSIENT, a password that changed: no unit is to blame",
                "1142, 42000, TRANSIENT, a right that was taken: no unit is to blame",
                "1105, HY000, UNKNOWN, unknown to the server itself",
                "2006, HY000, TRANSIENT, server gone",
                "2013, HY000, TRANSIENT, connection lost",
                "4031, HY000, TRANSIENT, ended by the server because nothing was said",
                "3032, HY000, TRANSIENT, offline mode",
                "3169, HY000, TRANSIENT, session killed",
                "1792, 25006, TRANSIENT, a read-only transaction",
                "1637, HY000, TRANSIENT, too many transactions",
                "1135, HY000, TRANSIENT, no more threads",
                "1114, HY000, TRANSIENT, the table is full",
                "1021, HY000, TRANSIENT, the disk is full",
                "0, 08S01, TRANSIENT, the driver lost the connection",
                "0, 08003, TRANSIENT, no connection",
                "0, 40001, TRANSIENT, a serialization failure without a number",
                "1062, 23000, ORDERING, a value that another row holds",
                "1451, 23000, ORDERING, a row that is referred to",
                "1452, 23000, ORDERING, a row that refers to nothing",
                "1406, 22001, PERMANENT, too long",
                "1264, 22003, PERMANENT, out of range",
                "1366, HY000, PERMANENT, not a value of the type",
                "1292, 22007, PERMANENT, not a date",
                "3105, HY000, PERMANENT, a generated column",
                "3140, 22032, PERMANENT, not JSON",
                "3819, HY000, PERMANENT, a check",
                "4025, 23000, PERMANENT, a check of MariaDB",
                "1048, 23000, PERMANENT, NULL",
                "1364, HY000, PERMANENT, no default",
                "1153, 08S01, PERMANENT, larger than a packet",
                "1146, 42S02, PERMANENT, no such table",
                "1054, 42S22, PERMANENT, no such column",
                "1644, 45000, UNKNOWN, a trigger's SIGNAL",
                "9999, HY000, UNKNOWN, a number nobody knows",
                "0, -, UNKNOWN, nothing is known",
                "9999, 22003, PERMANENT, data by its SQLState",
                "0, S1000, UNKNOWN, a general error of an older driver",
                "0, S1T00, TRANSIENT, the driver's timeout"
            })
    void theNumberDecidesThenTheState(int code, @Nullable String state, ErrorClass expected, String what) {
        assertThat(ErrorClass.of(code, state)).as(what).isEqualTo(expected);
    }

    @Test
    void theNumberWinsOverTheState() {
        assertThat(ErrorClass.of(1062, "08S01")).isEqualTo(ORDERING);
        assertThat(ErrorClass.of(1406, "40001")).isEqualTo(PERMANENT);
        assertThat(ErrorClass.of(1205, "22001")).isEqualTo(TRANSIENT);
        assertThat(ErrorClass.of(0, "HY000")).isEqualTo(UNKNOWN);
    }
}
