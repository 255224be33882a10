package dev.dualwrite.jdbc.transparency;

/** What an application would notice. */
record Difference(Script script, int at, String bare, String wrapped, boolean alone) {

    Difference(Script script, int at, String bare, String wrapped) {
        this(script, at, bare, wrapped, true);
    }

    /** What it has in common with others that it is not worth telling beside. */
    String kind() {
        return shape(script.calls().get(at).text()) + shape(bare) + shape(wrapped);
    }

    private static String shape(String text) {
        String line = text.strip().lines().findFirst().orElse("");
        return line.replaceAll("'[^']*'|[0-9]+", "").replaceAll("\\\".*\\\"", "");
    }

    Difference needingWhatCameBefore() {
        return new Difference(script, at, bare, wrapped, false);
    }

    @Override
    public String toString() {
        return script.upTo(at) + (alone ? "" : "\n(does not show without the transactions before it)") + "\nbare:    "
                + bare + "\nwrapped: " + wrapped;
    }
}
