package dev.dualwrite.jdbc.transparency;

import dev.dualwrite.Phase;
import dev.dualwrite.Side;

/** Refusals that are on purpose (docs/codes.md). A statement that may meet one names it; any other is a difference. */
enum Refused {
    REPLACE("DW-2001"),
    INSERT_SELECT("DW-2002"),
    ON_DUPLICATE("DW-2003"),
    IGNORE("DW-2004"),
    LIMITED("DW-2005"),
    MULTI_TABLE("DW-2006"),
    TRUNCATE("DW-2011"),
    DEFINITION("DW-2012"),
    CALL("DW-2013"),
    PREPARED_TEXT("DW-2015"),
    HANDLER("DW-2016"),
    LOCK_TABLES("DW-2017"),
    XA("DW-2018"),
    TRANSACTION_TEXT("DW-2019"),
    USE("DW-2020"),
    UNKNOWN("DW-2021"),
    MIXED("DW-2026", When.TARGET_OWNS),
    MIXED_BATCH("DW-2027"),
    UPDATABLE("DW-2028"),
    KEY_EXPRESSION("DW-2029"),
    KEY_DEFAULT("DW-2030"),
    SHAPE("DW-2033"),
    UNREPEATABLE("DW-2034", When.CAPTURING),
    STREAM("DW-2035", When.CAPTURING),
    CALLABLE("DW-2041"),
    OLD_SNAPSHOT("DW-2044", When.CAPTURING);

    private enum When {
        ALWAYS,
        CAPTURING,
        TARGET_OWNS
    }

    private final String code;
    private final When when;

    Refused(String code) {
        this(code, When.ALWAYS);
    }

    Refused(String code, When when) {
        this.code = code;
        this.when = when;
    }

    String code() {
        return code;
    }

    boolean in(Phase phase) {
        return switch (when) {
            case ALWAYS -> true;
            case CAPTURING -> phase.capturing();
            case TARGET_OWNS -> phase.owner() == Side.TARGET;
        };
    }
}
