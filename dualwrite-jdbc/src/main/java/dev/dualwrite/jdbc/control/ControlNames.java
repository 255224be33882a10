package dev.dualwrite.jdbc.control;

import dev.dualwrite.Side;
import dev.dualwrite.key.Sql;

/**
 * Where one side's control tables stand.
 *
 * @param migration the migration's name: ASCII letters, digits, {@code . _ -}
 * @param side whose tables
 * @param schema the schema of the moved tables on that side
 * @param prefix of the control tables' names
 */
public record ControlNames(String migration, Side side, String schema, String prefix) {

    /** A control table, qualified and quoted: a host may have selected another schema. */
    public String table(String name) {
        return Sql.name(schema) + '.' + Sql.name(prefix + name);
    }

    /** {@code `schema`.`…fence` WHERE …}: this side's fence row, in a text. */
    public String fenceRow() {
        return table("fence") + " WHERE " + fenceKey();
    }

    /** {@code migration = '…' AND slice = '' AND side = '…'}: the full primary key of this side's fence row. */
    public String fenceKey() {
        return "migration = '" + migration + "' AND slice = '' AND side = '" + side + "'";
    }
}
