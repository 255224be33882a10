package dev.dualwrite.jdbc.transparency;

import java.util.List;
import java.util.stream.IntStream;

/** What the host's URL says to the driver. The sixteen rows hold every combination of values of every three options, the even and the odd ones of every two. */
record Options(
        boolean rewriteBatchedStatements,
        boolean useServerPrepStmts,
        boolean cachePrepStmts,
        boolean useAffectedRows,
        boolean continueBatchOnError,
        boolean strict) {

    static final List<Options> ROWS =
            IntStream.range(0, 16).mapToObj(Options::row).toList();

    private static Options row(int number) {
        boolean a = (number & 1) != 0;
        boolean b = (number & 2) != 0;
        boolean c = (number & 4) != 0;
        boolean d = (number & 8) != 0;
        return new Options(a, b, c, d, !(a ^ b ^ c), a ^ b ^ d);
    }

    /** To which half of the rows one belongs. */
    static boolean even(int row) {
        return Integer.bitCount(row & 0b1101) % 2 == 0;
    }

    /** As they stand behind a URL. Out of strict mode the server, and the driver, bend values and warn. */
    String inUrl() {
        return "&rewriteBatchedStatements=" + rewriteBatchedStatements + "&useServerPrepStmts=" + useServerPrepStmts
                + "&cachePrepStmts=" + cachePrepStmts + "&useAffectedRows=" + useAffectedRows
                + "&continueBatchOnError=" + continueBatchOnError
                + (strict ? "" : "&jdbcCompliantTruncation=false&sessionVariables=sql_mode=''");
    }
}
