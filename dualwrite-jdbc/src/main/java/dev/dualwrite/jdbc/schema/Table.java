package dev.dualwrite.jdbc.schema;

import dev.dualwrite.key.KeySpec;
import java.util.List;
import java.util.Optional;

/**
 * A table of the domain on one side, as its server describes it.
 *
 * @param schema the schema it stands in
 * @param name as the database spells it
 * @param columns all, in order, generated and invisible ones included
 * @param key its primary key
 * @param uniqueKeys the column names of each secondary unique key
 */
public record Table(String schema, String name, List<Column> columns, KeySpec key, List<List<String>> uniqueKeys) {

    public Table {
        columns = List.copyOf(columns);
        uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
    }

    /** The columns that can be written. */
    public List<Column> writable() {
        return columns.stream().filter(column -> !column.generated()).toList();
    }

    /** The columns that an INSERT without a column list names, in order. */
    public List<Column> visible() {
        return columns.stream().filter(column -> !column.invisible()).toList();
    }

    /** The column whose values the server makes, if there is one. */
    public Optional<Column> autoIncrement() {
        return columns.stream().filter(Column::autoIncrement).findFirst();
    }

    /** The position of a column in the primary key, or -1. Column names have no case in MySQL. */
    public int keyIndex(String column) {
        for (int i = 0; i < key.columns().size(); i++) {
            if (key.columns().get(i).name().equalsIgnoreCase(column)) {
                return i;
            }
        }
        return -1;
    }
}
