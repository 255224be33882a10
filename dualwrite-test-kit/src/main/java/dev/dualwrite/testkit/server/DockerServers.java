package dev.dualwrite.testkit.server;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.utility.DockerImageName;

/** One container for each server, on memory, with the settings that {@link ServerOptions} gives to processes. */
final class DockerServers implements Opener {

    private static final String PASSWORD = "dualwrite";
    private static final int PORT = 3306;

    private final String image;

    DockerServers(String image) {
        this.image = image;
    }

    @Override
    @SuppressWarnings("resource") // The container ends with the server that is given back.
    public Server open(Place place) throws SQLException {
        MySQLContainer container = new MySQLContainer(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("mysql"))
                .withUsername("root")
                .withPassword(PASSWORD)
                .withEnv("MYSQL_ROOT_HOST", "%")
                .withTmpFs(Map.of("/var/lib/mysql", "rw"))
                .withImagePullPolicy(name -> false)
                .withStartupTimeout(Duration.ofSeconds(90))
                .withCommand(
                        "--server-id=" + (place == Place.SOURCE ? 1 : 2),
                        "--log-bin=binlog",
                        "--binlog-row-metadata=FULL",
                        "--gtid-mode=ON",
                        "--enforce-gtid-consistency=ON",
                        "--character-set-server=utf8mb4",
                        "--sync-binlog=1",
                        "--innodb-flush-log-at-trx-commit=1",
                        "--innodb-doublewrite=0",
                        "--local-infile=OFF",
                        "--event-scheduler=OFF",
                        "--max-connections=500",
                        "--max-allowed-packet=64M");
        try {
            container.start();
            return GivenServer.at(
                    Endpoint.plain(container.getHost(), container.getMappedPort(PORT), "root", PASSWORD),
                    container::stop);
        } catch (RuntimeException | SQLException failed) {
            container.stop();
            throw failed;
        }
    }
}
