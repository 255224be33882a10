package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.sql.SQLException;

/** Something that gives a running server for each of the two places. */
@FunctionalInterface
interface Opener {

    Server open(Place place) throws IOException, SQLException;
}
