package dev.dualwrite.jdbc.boundary;

import java.util.List;

/**
 * The intents of one transaction.
 *
 * @param ids of those that the boundary wrote one by one
 * @param marks what the ids of the others begin with: each of a statement whose intents the server wrote by itself
 */
public record Written(List<byte[]> ids, List<byte[]> marks) {
    public Written {
        ids = List.copyOf(ids);
        marks = List.copyOf(marks);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return ids.isEmpty() && marks.isEmpty();
    }
}
