package dev.dualwrite.coverage.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows, in groups, and the issues that rows are left to. A resource of lines:
 *
 * <pre>
 * total = 383                  how many numbers there are, if not all of them are listed
 * issue 5 = the boundary       an issue and its title
 * group A = Commit and crash   the rows that follow belong to it
 * 1 = What must hold.          a row
 *   open 5: what is left       of the row above: to which issue, and what
 *   not applicable: why        of the row above: it has no test
 * </pre>
 *
 * Empty lines, and lines that begin with {@code //}, mean nothing.
 *
 * @param total how many numbers there are
 * @param issues titles by key
 * @param groups rows by the key and title of their group
 */
record Catalogue(int total, Map<String, String> issues, List<Group> groups) {
    private static final Pattern LINE =
            Pattern.compile("(total|issue (?<issue>\\S+)|group (?<group>\\S+)|(?<row>\\d+)) = (?<text>\\S.*)");
    private static final Pattern REST = Pattern.compile("  (open (?<issue>\\S+)|not applicable): (?<text>\\S.*)");

    /** Rows under a title. */
    record Group(String key, String title, List<Row> rows) {}

    static Catalogue scenarios() {
        return resource("scenarios.txt");
    }

    static Catalogue requirements() {
        return resource("requirements.txt");
    }

    private static Catalogue resource(String name) {
        try (InputStream in = Catalogue.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not there");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException if a line is none of those above, or a number or key comes twice or from nowhere */
    static Catalogue parse(String text) {
        int total = 0;
        Map<String, String> issues = new TreeMap<>();
        List<Group> groups = new ArrayList<>();
        Map<Integer, String> sentences = new TreeMap<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("//")) {
                continue;
            }
            Matcher head = LINE.matcher(line);
            Matcher rest = REST.matcher(line);
            if (rest.matches()) {
                List<Row> rows = last(groups, line).rows();
                int index = rows.size() - 1;
                check(index >= 0 && rows.get(index).rest() instanceof Row.Nothing, line);
                rows.set(index, rows.get(index).with(rest(rest, issues, line)));
                continue;
            }
            check(head.matches(), line);
            if (head.group("issue") != null) {
                check(issues.put(head.group("issue"), head.group("text")) == null, line);
            } else if (head.group("group") != null) {
                groups.add(new Group(head.group("group"), head.group("text"), new ArrayList<>()));
            } else if (head.group("row") != null) {
                Row row = new Row(Integer.parseInt(head.group("row")), head.group("text"), new Row.Nothing());
                check(sentences.put(row.number(), row.sentence()) == null, line);
                last(groups, line).rows().add(row);
            } else {
                total = Integer.parseInt(head.group("text"));
            }
        }
        return new Catalogue(total == 0 ? sentences.size() : total, issues, List.copyOf(groups));
    }

    private static Row.Rest rest(Matcher rest, Map<String, String> issues, String line) {
        if (rest.group("issue") == null) {
            return new Row.NotApplicable(rest.group("text"));
        }
        check(issues.containsKey(rest.group("issue")), line);
        return new Row.Open(rest.group("issue"), rest.group("text"));
    }

    private static Group last(List<Group> groups, String line) {
        check(!groups.isEmpty(), line);
        return groups.get(groups.size() - 1);
    }

    private static void check(boolean right, String line) {
        if (!right) {
            throw new IllegalArgumentException("not a line of a catalogue, or not here: " + line);
        }
    }

    List<Row> rows() {
        return groups.stream().flatMap(group -> group.rows().stream()).toList();
    }
}
