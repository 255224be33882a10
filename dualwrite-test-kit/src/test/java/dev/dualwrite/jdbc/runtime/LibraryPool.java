package dev.dualwrite.jdbc.runtime;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;

/** A pool whose sessions are as the library's own. */
public final class LibraryPool {
    private LibraryPool() {}

    public static HikariDataSource of(String url) {
        return new Access(url, null, null, new Properties()).pool("stage", 4);
    }
}
