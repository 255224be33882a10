package dev.dualwrite.campaign;

import dev.dualwrite.Side;

/**
 * A read that was answered.
 *
 * @param client the number of who read
 * @param elsewhere whether another instance was asked than the one through which was written
 * @param zone the label of the instance that was asked
 * @param side which answered
 * @param began when it was asked for; on the clock of all processes of this machine
 * @param ended when it was answered
 */
record Read(int client, Route route, Elsewhere elsewhere, String zone, Side side, long began, long ended) {

    /** What another instance is told of the last write. */
    enum Elsewhere {
        NO(""),
        TOKEN("on another instance with a token"),
        TIME("on another instance that is told when its reader has written");

        private final String words;

        Elsewhere(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Whether a follower may answer, if its reader belongs to the cohort. */
    boolean moves() {
        return route.moves() && elsewhere != Elsewhere.TIME;
    }

    /** One line without spaces. */
    String line() {
        return client + "," + route.name() + ',' + elsewhere.name() + ',' + zone + ',' + side + ',' + began + ','
                + ended;
    }

    static Read of(String line) {
        String[] words = line.split(",", -1);
        return new Read(
                Integer.parseInt(words[0]),
                Route.valueOf(words[1]),
                Elsewhere.valueOf(words[2]),
                words[3],
                Side.valueOf(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]));
    }
}
