package dev.dualwrite.campaign;

import dev.dualwrite.Side;
import java.util.List;

/** One thing for each side. */
record Both<T>(T source, T target) {
    T of(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    List<T> all() {
        return List.of(source, target);
    }
}
