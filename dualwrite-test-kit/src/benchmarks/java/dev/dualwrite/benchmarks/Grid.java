package dev.dualwrite.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown that is also readable as text: its columns are as wide as their widest cell. Of one thread. */
final class Grid {
    private final List<List<String>> lines = new ArrayList<>();

    Grid(String... heads) {
        lines.add(List.of(heads));
    }

    void add(List<String> cells) {
        lines.add(List.copyOf(cells));
    }

    /** The first column stands left, the others right. */
    @Override
    public String toString() {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < lines.size(); n++) {
            text.append('|');
            for (int i = 0; i < columns; i++) {
                String cell = lines.get(n).get(i);
                String blank = " ".repeat(widths[i] - cell.length());
                text.append(' ').append(i == 0 ? cell + blank : blank + cell).append(" |");
            }
            text.append('\n');
            if (n == 0) {
                text.append('|');
                for (int i = 0; i < columns; i++) {
                    text.append('-')
                            .append("-".repeat(widths[i]))
                            .append(i == 0 ? '-' : ':')
                            .append('|');
                }
                text.append('\n');
            }
        }
        return text.toString();
    }
}
