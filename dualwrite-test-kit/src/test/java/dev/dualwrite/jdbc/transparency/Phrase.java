package dev.dualwrite.jdbc.transparency;

import java.util.List;
import java.util.stream.Collectors;

/** A statement with its values: parts that are texts, and {@link Value}s. */
record Phrase(List<Object> parts) {

    static Phrase saying(Object... parts) {
        return new Phrase(List.of(parts));
    }

    /** With literals. */
    String literal() {
        return parts.stream()
                .map(part -> part instanceof Value value ? value.literal() : part.toString())
                .collect(Collectors.joining());
    }

    /** With question marks. */
    String marked() {
        return parts.stream()
                .map(part -> part instanceof Value ? "?" : part.toString())
                .collect(Collectors.joining());
    }

    List<Value> values() {
        return parts.stream()
                .filter(Value.class::isInstance)
                .map(Value.class::cast)
                .toList();
    }
}
