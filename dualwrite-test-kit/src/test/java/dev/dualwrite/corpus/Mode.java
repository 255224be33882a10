package dev.dualwrite.corpus;

/** A session's {@code sql_mode}: what changes how a text is cut, and what becomes of its values. */
public enum Mode {
    PLAIN("STRICT_TRANS_TABLES", false, false, false),
    ANSI_NAMES("STRICT_TRANS_TABLES,ANSI_QUOTES", true, false, false),
    BACKSLASHES("STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES", false, true, false),
    ALL("STRICT_ALL_TABLES,ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT", true, true, true),
    LENIENT("PIPES_AS_CONCAT", false, false, true),
    DATES("STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO", false, false, false);

    private final String sqlMode;
    private final boolean ansiQuotes;
    private final boolean noBackslashEscapes;
    private final boolean pipesConcatenate;

    Mode(String sqlMode, boolean ansiQuotes, boolean noBackslashEscapes, boolean pipesConcatenate) {
        this.sqlMode = sqlMode;
        this.ansiQuotes = ansiQuotes;
        this.noBackslashEscapes = noBackslashEscapes;
        this.pipesConcatenate = pipesConcatenate;
    }

    /** As SQL sets it. */
    public String sqlMode() {
        return sqlMode;
    }

    /** Whether double quotes hold names. */
    public boolean ansiQuotes() {
        return ansiQuotes;
    }

    /** Whether a backslash in a text is a letter. */
    public boolean noBackslashEscapes() {
        return noBackslashEscapes;
    }

    boolean pipesConcatenate() {
        return pipesConcatenate;
    }
}
