package dev.dualwrite.testkit.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How our own servers are set: careful about commits, careless about everything a crash of the machine could hurt. */
final class ServerOptions {

    private ServerOptions() {}

    /** Options of a running server. The first one of a command must stand before these: {@code --no-defaults}. */
    static List<String> running(ServerKind kind, Path home, int port, int serverId) {
        List<String> options = new ArrayList<>(List.of(
                "--datadir=" + home.resolve("data"),
                "--tmpdir=" + home.resolve("tmp"),
                "--socket=" + home.resolve("sock"),
                "--pid-file=" + home.resolve("pid"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--local-infile=OFF",
                "--event-scheduler=OFF",
                "--max-connections=500",
                "--max-allowed-packet=64M",
                "--character-set-server=utf8mb4",
                "--server-id=" + serverId,
                "--log-bin=binlog",
                "--binlog-row-metadata=FULL",
                // What the gate demands of a database that is to be trusted with commits.
                "--sync-binlog=1",
                "--innodb-flush-log-at-trx-commit=1",
                // Safe while the machine lives, and tests do not outlive it.
                "--innodb-doublewrite=0",
                "--innodb-use-native-aio=OFF",
                "--innodb-flush-method=fsync",
                "--innodb-buffer-pool-size=128M"));
        asOurselves(options);
        options.addAll(
                kind == ServerKind.MYSQL
                        ? List.of(
                                "--gtid-mode=ON",
                                "--enforce-gtid-consistency=ON",
                                "--performance-schema=ON",
                                "--mysqlx=OFF",
                                "--secure-file-priv=",
                                "--auto-generate-certs=OFF",
                                "--loose-innodb-redo-log-capacity=64M")
                        : List.of(
                                "--gtid-domain-id=" + serverId,
                                "--binlog-format=ROW",
                                "--binlog-row-image=FULL",
                                "--log-slave-updates=ON",
                                "--performance-schema=OFF",
                                // It would make itself a key at each start, which takes seconds.
                                "--skip-ssl",
                                "--innodb-log-file-size=64M"));
        return options;
    }

    /** A server that is started as root wants to be told that this is meant. */
    static void asOurselves(List<String> options) {
        if ("root".equals(System.getProperty("user.name"))) {
            options.add("--user=root");
        }
    }
}
