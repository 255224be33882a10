package dev.dualwrite.jdbc.boundary;

import java.sql.ResultSet;

/**
 * Takes notes of a result while the caller fetches it. On the caller's thread, before the caller reads columns; cheap, and never
 * throws.
 */
public interface Sampled {

    /** The caller has advanced to a row, and has read nothing of it. */
    void row(ResultSet rows);

    /** The caller has come to the end: all rows were noted. */
    void end();

    /** The caller is done; what was not fetched by now will not be. A second call does nothing, nor does one after the end. */
    void close();
}
