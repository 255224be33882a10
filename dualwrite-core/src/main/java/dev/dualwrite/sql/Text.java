package dev.dualwrite.sql;

import java.util.List;

/**
 * One text while it is read.
 *
 * @param end the token after the statement, a semicolon left out
 */
record Text(Tokens tokens, int end, Reading reading, Clauses clauses, Exprs exprs) {

    Statement.Other other(Kind kind, String detail) {
        return new Statement.Other(reading, kind, detail, List.of());
    }

    Statement.Other other(Kind kind, String detail, List<String> names) {
        return new Statement.Other(reading, kind, detail, names);
    }

    Statement.Other unknown(String reason) {
        return other(Kind.UNKNOWN, reason);
    }
}
