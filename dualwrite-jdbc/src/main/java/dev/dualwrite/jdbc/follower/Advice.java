package dev.dualwrite.jdbc.follower;

/** What an operator can do about an error of the follower, in words without any value of a row. */
final class Advice {
    private Advice() {}

    static String of(int vendorCode) {
        return switch (vendorCode) {
            case 1062 ->
                "another row of the follower holds a unique value that this one needs; compare the unique keys"
                        + " and their collations on both sides";
            case 1406, 1264, 1366, 1292, 1265, 1411, 1690 ->
                "a column of the follower cannot hold the value; make it as wide as the owner's, then unpark";
            case 1048, 1364 -> "a column of the follower does not take NULL or needs a value; compare both tables";
            case 3819, 4025 -> "a CHECK constraint exists on the follower only; drop it there";
            case 1146, 1054 -> "the table or a column is gone on the follower; compare both schemas";
            case 1644 -> "a trigger on the follower refused it; drop the trigger";
            case 1153 -> "the row exceeds max_allowed_packet of the follower; raise it";
            default -> "look the error up, mend the cause on the follower, then unpark";
        };
    }
}
