package dev.dualwrite.samples.iot.view;

/** Colours, or none. */
public enum Style {
    COLOURED,
    NONE;

    private static final String RESET = "\u001b[0m";

    private String paint(String code, String text) {
        return this == NONE || text.isEmpty() ? text : "\u001b[" + code + "m" + text + RESET;
    }

    String dim(String text) {
        return paint("2", text);
    }

    String bold(String text) {
        return paint("1", text);
    }

    String accent(String text) {
        return paint("36", text);
    }

    String warn(String text) {
        return paint("33", text);
    }

    /** Something that must not be. */
    public String bad(String text) {
        return paint("1;31", text);
    }

    /** Something as it must be. */
    public String good(String text) {
        return paint("32", text);
    }
}
