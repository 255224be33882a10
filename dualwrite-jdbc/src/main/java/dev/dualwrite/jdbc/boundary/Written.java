package dev.dualwrite.jdbc.boundary;

import dev.dualwrite.jdbc.control.IntentIds;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The intents of one transaction.
 *
 * @param ids of those that the boundary wrote one by one
 * @param marks what the ids of the others begin with: each of a statement whose intents the server wrote by itself
 * @param tables that they are of, in lower case
 */
public record Written(List<byte[]> ids, List<byte[]> marks, Set<String> tables) {
    public Written {
        ids = List.copyOf(ids);
        marks = List.copyOf(marks);
        tables = Set.copyOf(tables);
    }

    /** When the newest id was made, by this process's clock in milliseconds since 1970; 0 if there is none. */
    public long newest() {
        return Stream.concat(ids.stream(), marks.stream())
                .mapToLong(IntentIds::millis)
                .max()
                .orElse(0);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return ids.isEmpty() && marks.isEmpty();
    }
}
