package dev.dualwrite.jdbc.follower;

import dev.dualwrite.jdbc.schema.Column;
import dev.dualwrite.jdbc.schema.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * In which ways a table takes less than the one that is copied to it, by what their servers say of them: of a column's values,
 * and of rows that only it holds for equal. When in doubt it takes less. Expressions and prefixes in unique keys are not
 * looked into.
 */
final class Narrowing {
    private static final Pattern SIZES = Pattern.compile("\\((\\d+)(?:,(\\d+))?\\)");
    private static final Pattern MEMBERS = Pattern.compile("'((?:[^']|'')*)'");

    /** Character sets that have every letter. */
    private static final Set<String> UNICODE = Set.of("utf8mb4", "utf16", "utf16le", "utf32");

    private static final Set<String> SHAPES = Set.of(
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geomcollection",
            "geometrycollection");

    private Narrowing() {}

    /** What kinds of values there are; a value of one kind is not told to fit into another. */
    private enum Kind {
        INTEGER,
        DECIMAL,
        FLOATING,
        BIT,
        TIME,
        TEXT,
        BYTES,
        MEMBERS,
        SHAPE,
        OTHER;

        static Kind of(Column column) {
            return switch (column.dataType()) {
                case "tinyint", "smallint", "mediumint", "int", "bigint" -> INTEGER;
                case "decimal" -> DECIMAL;
                case "float", "double" -> FLOATING;
                case "bit" -> BIT;
                case "date", "time", "datetime", "timestamp" -> TIME;
                case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> TEXT;
                case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> BYTES;
                case "enum", "set" -> MEMBERS;
                default -> SHAPES.contains(column.dataType()) ? SHAPE : OTHER;
            };
        }
    }

    /** In which way a column takes less than another; empty if it takes all of it. */
    static Optional<String> of(Column from, Column to) {
        List<String> ways = new ArrayList<>();
        if (from.nullable() && !to.nullable()) {
            ways.add("takes no NULL");
        }
        if (!Kind.of(from).equals(Kind.of(to))) {
            if (!readableAsText(from, to)) {
                ways.add("is of another type");
            }
        } else {
            ways.addAll(within(Kind.of(from), from, to));
        }
        return ways.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", ways));
    }

    /** Every member, and every document, is a text; not every text is one of them. */
    private static boolean readableAsText(Column from, Column to) {
        return (Kind.of(from) == Kind.MEMBERS || from.dataType().equals("json"))
                && to.dataType().equals("longtext")
                && UNICODE.contains(to.charset());
    }

    private static List<String> within(Kind kind, Column from, Column to) {
        List<String> ways = new ArrayList<>();
        switch (kind) {
            case INTEGER -> {
                int wanted = bytes(from);
                if (bytes(to) < wanted || (bytes(to) == wanted && from.unsigned() && !to.unsigned())) {
                    ways.add("takes fewer digits");
                }
                unsigned(from, to, ways);
            }
            case DECIMAL -> {
                if (size(to, 0, 10) - size(to, 1, 0) < size(from, 0, 10) - size(from, 1, 0)) {
                    ways.add("takes fewer digits");
                }
                if (size(to, 1, 0) < size(from, 1, 0)) {
                    ways.add("rounds");
                }
                unsigned(from, to, ways);
            }
            case FLOATING -> {
                if (from.dataType().equals("double") && to.dataType().equals("float")) {
                    ways.add("rounds");
                } else if (SIZES.matcher(to.sqlType()).find() && !from.sqlType().equals(to.sqlType())) {
                    ways.add("rounds");
                }
                unsigned(from, to, ways);
            }
            case BIT -> {
                if (size(to, 0, 1) < size(from, 0, 1)) {
                    ways.add("takes fewer bits");
                }
            }
            case TIME -> {
                if (!from.dataType().equals(to.dataType())) {
                    ways.add("is of another type");
                } else if (size(to, 0, 0) < size(from, 0, 0)) {
                    ways.add("rounds");
                }
            }
            case TEXT -> text(from, to, ways);
            case BYTES -> {
                if (to.dataType().equals("binary") && !from.sqlType().equalsIgnoreCase(to.sqlType())) {
                    ways.add("fills up with zeros");
                }
                if (capacity(to) < capacity(from)) {
                    ways.add("is shorter");
                }
            }
            case MEMBERS -> {
                if (!from.dataType().equals(to.dataType())) {
                    ways.add("is of another type");
                } else if (!members(to).containsAll(members(from))) {
                    ways.add("has fewer members");
                }
            }
            case SHAPE -> {
                if (!to.dataType().equals("geometry") && !shape(from).equals(shape(to))) {
                    ways.add("takes fewer shapes");
                }
            }
            case OTHER -> {
                if (!from.sqlType().equalsIgnoreCase(to.sqlType())) {
                    ways.add("is of another type");
                }
            }
        }
        return ways;
    }

    private static void unsigned(Column from, Column to, List<String> ways) {
        if (to.unsigned() && !from.unsigned()) {
            ways.add("takes nothing below zero");
        }
    }

    private static void text(Column from, Column to, List<String> ways) {
        if (!letters(from.charset(), to.charset())) {
            ways.add("lacks letters (" + to.charset() + " for " + from.charset() + ")");
        }
        if (to.dataType().equals("char") && !from.dataType().equals("char")) {
            ways.add("cuts spaces off");
        }
        boolean alike = from.dataType().equals(to.dataType()) && from.charset().equals(to.charset());
        boolean counted = SIZES.matcher(to.sqlType()).find();
        if (counted || !alike) {
            if (capacity(to) / (counted ? 1 : most(to.charset()))
                    < capacity(from) / (SIZES.matcher(from.sqlType()).find() ? 1 : least(from.charset()))) {
                ways.add("is shorter");
            }
        }
    }

    /** Whether a character set has every letter of another. */
    private static boolean letters(String from, String to) {
        if (from.equals(to) || UNICODE.contains(to)) {
            return true;
        }
        boolean basic = to.equals("utf8mb3") || to.equals("utf8") || to.equals("ucs2");
        return from.equals("ascii")
                || (basic && (most(from) == 1 || from.startsWith("utf8mb3") || from.equals("ucs2")));
    }

    /** Bytes of the longest letter. */
    private static int most(String charset) {
        return switch (charset) {
            case "utf8mb4", "utf16", "utf16le", "utf32", "gb18030" -> 4;
            case "utf8mb3", "utf8", "ujis", "eucjpms" -> 3;
            case "ucs2", "sjis", "cp932", "gbk", "big5", "euckr", "gb2312" -> 2;
            default -> 1;
        };
    }

    /** Bytes of the shortest letter. */
    private static int least(String charset) {
        return switch (charset) {
            case "utf32" -> 4;
            case "utf16", "utf16le", "ucs2" -> 2;
            default -> 1;
        };
    }

    /** Letters, of types that count them; else bytes. */
    private static long capacity(Column column) {
        return switch (column.dataType()) {
            case "tinytext", "tinyblob" -> 255;
            case "text", "blob" -> 65_535;
            case "mediumtext", "mediumblob" -> 16_777_215;
            case "longtext", "longblob" -> 4_294_967_295L;
            default -> size(column, 0, 1);
        };
    }

    private static int bytes(Column column) {
        return switch (column.dataType()) {
            case "tinyint" -> 1;
            case "smallint" -> 2;
            case "mediumint" -> 3;
            case "int" -> 4;
            default -> 8;
        };
    }

    /** A number in the type's parentheses. */
    static int size(Column column, int place, int otherwise) {
        Matcher sizes = SIZES.matcher(column.sqlType());
        if (!sizes.find()) {
            return otherwise;
        }
        String text = sizes.group(place + 1);
        return text == null ? otherwise : Integer.parseInt(text);
    }

    private static Set<String> members(Column column) {
        return MEMBERS.matcher(column.sqlType())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String shape(Column column) {
        return column.dataType().equals("geomcollection") ? "geometrycollection" : column.dataType();
    }

    /** Unique keys by which a table holds rows for equal that the one which is copied to it tells apart. */
    static List<Finding> uniqueKeys(Table from, Table to) {
        List<Finding> findings = new ArrayList<>();
        for (List<String> unique : to.uniqueKeys()) {
            List<List<String>> known = Stream.concat(
                            Stream.of(from.key().columns().stream()
                                    .map(column -> column.name())
                                    .toList()),
                            from.uniqueKeys().stream())
                    .filter(key -> lower(unique).containsAll(lower(key)))
                    .toList();
            if (known.isEmpty()) {
                findings.add(finding(to, unique, "is a unique key there only"));
            } else if (known.stream().noneMatch(key -> key.stream().allMatch(column -> sameOrder(from, to, column)))) {
                findings.add(finding(
                        to,
                        unique,
                        "is a unique key of other collations: " + collations(to, unique) + " there, "
                                + collations(from, unique) + " here"));
            }
        }
        return findings;
    }

    private static Finding finding(Table to, List<String> unique, String says) {
        return new Finding(to.name() + " (" + String.join(", ", unique) + ")", says);
    }

    private static Set<String> lower(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /** Whether a column tells apart what it told apart before; what is the same byte by byte always was. */
    private static boolean sameOrder(Table from, Table to, String column) {
        String before = collation(from, column);
        String after = collation(to, column);
        boolean pads = !before.contains("nopad") && !before.contains("0900");
        return before.equals(after) || (pads && after.endsWith("_bin"));
    }

    private static String collations(Table table, List<String> columns) {
        return columns.stream()
                .map(column -> collation(table, column))
                .filter(collation -> !collation.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String collation(Table table, String name) {
        return table.columns().stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .map(Column::collation)
                .findFirst()
                .orElse("");
    }
}
