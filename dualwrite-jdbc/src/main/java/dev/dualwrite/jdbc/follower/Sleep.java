package dev.dualwrite.jdbc.follower;

/** A pause of an activity that an operator started, and who may interrupt it. */
final class Sleep {
    private Sleep() {}

    /** False if the thread was interrupted, which it stays. */
    static boolean millis(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
