package dev.dualwrite.jdbc.follower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row's values in the order of its table's codecs: texts, byte arrays and nulls. Equal if every byte is. */
final class RowImage {
    private final @Nullable Object[] values;

    RowImage(@Nullable Object[] values) {
        this.values = values;
    }

    @Nullable Object value(int index) {
        return values[index];
    }

    /** About how much memory and how much of a packet it takes. */
    long bytes() {
        long bytes = 0;
        for (Object value : values) {
            bytes += 16 + (value instanceof String text ? text.length() : value instanceof byte[] b ? b.length : 0);
        }
        return bytes;
    }

    /** The positions at which two images of one table differ. */
    List<Integer> differences(RowImage other) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (!same(values[i], other.values[i])) {
                positions.add(i);
            }
        }
        return positions;
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        return (a instanceof byte[] x && b instanceof byte[] y) ? Arrays.equals(x, y) : Objects.equals(a, b);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowImage image && Arrays.deepEquals(values, image.values);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values);
    }
}
