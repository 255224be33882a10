package dev.dualwrite.sql;

/** A half-open range of characters in the text that was read. */
public record SourceSpan(int start, int end) {

    public SourceSpan {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no span: " + start + ".." + end);
        }
    }

    /** The characters of this span; the text must be the one that was read. */
    public String in(String sql) {
        return sql.substring(start, end);
    }
}
