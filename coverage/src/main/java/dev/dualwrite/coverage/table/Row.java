package dev.dualwrite.coverage.table;

/**
 * Something that tests have to prove.
 *
 * @param number its number, by which annotations name it
 * @param sentence what it asks, in one sentence
 * @param rest what no test proves yet, or why none ever will
 */
record Row(int number, String sentence, Rest rest) {

    /** What the tests leave. */
    sealed interface Rest {}

    /** Nothing is left: there is at least one test. */
    record Nothing() implements Rest {}

    /**
     * All of it or a part is left to an issue.
     *
     * @param issue its key in the catalogue
     * @param what what is left
     */
    record Open(String issue, String what) implements Rest {}

    /** It has no meaning here, and no test. */
    record NotApplicable(String why) implements Rest {}

    Row with(Rest left) {
        return new Row(number, sentence, left);
    }
}
