package dev.dualwrite.jdbc.transparency;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A value in a statement: as a literal, and as a call that sets it in the place of a question mark. */
record Value(String literal, String call, Setter setter) {

    /** Whether it can be read only once. */
    boolean once() {
        return call.contains("Stream(") || call.startsWith("setClob(") || call.startsWith("setBlob(");
    }

    interface Setter {
        void set(PreparedStatement statement, int index) throws SQLException;
    }
}
