package dev.dualwrite.samples.iot.operate;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dualwrite.samples.iot.Options;
import dev.dualwrite.samples.iot.device.Beginning;
import dev.dualwrite.samples.iot.device.Seeder;
import dev.dualwrite.samples.iot.device.Tables;
import dev.dualwrite.testkit.fault.TcpProxy;
import dev.dualwrite.testkit.server.ProviderName;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.ServerRequest;
import dev.dualwrite.testkit.server.ServersUnavailableException;
import dev.dualwrite.testkit.server.TwoServers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Two servers, a schema on each, and a network in front of each that can be cut. Whoever opened it closes it. */
public final class Stage implements AutoCloseable {
    private final TwoServers servers;
    private final Schema source;
    private final Schema target;
    private final TcpProxy sourceProxy;
    private final TcpProxy targetProxy;

    private Stage(TwoServers servers) throws SQLException, IOException {
        this.servers = servers;
        this.source = servers.source().isolatedSchema("iot");
        this.target = servers.target().isolatedSchema("iot");
        source.execute(Tables.definitions());
        target.execute(Tables.definitions());
        this.sourceProxy = TcpProxy.inFrontOf(servers.source());
        this.targetProxy = TcpProxy.inFrontOf(servers.target());
    }

    /** Opens the servers that are asked for; embedded ones, where there are any, if nobody asks. */
    public static Stage open(Optional<Options.Urls> urls) throws SQLException, IOException {
        TwoServers servers = servers(urls);
        try {
            return new Stage(servers);
        } catch (SQLException | IOException | RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    private static TwoServers servers(Optional<Options.Urls> urls) {
        ServerRequest request = ServerRequest.fromEnvironment();
        if (urls.isPresent()) {
            return TwoServers.open(request.choosing(new ServerRequest.Choice.Urls(
                    urls.orElseThrow().source(), urls.orElseThrow().target())));
        }
        if (!(request.choice() instanceof ServerRequest.Choice.Any)) {
            return TwoServers.open(request);
        }
        try {
            return TwoServers.open(request.from(ProviderName.EMBEDDED));
        } catch (ServersUnavailableException notHere) {
            return TwoServers.open(request);
        }
    }

    /** For people: provider and versions. */
    public String describe() {
        return servers.describe();
    }

    /** What both servers are, in a few words. */
    public String versions() {
        return "source " + servers.source() + ", target " + servers.target();
    }

    /** Puts the history on the source. */
    public void seed(Beginning beginning) throws SQLException {
        try (Connection connection = source.connect()) {
            new Seeder(connection, beginning, System.currentTimeMillis()).run();
        }
    }

    /** As the application and the operator reach the source: through the network. */
    public String sourceUrl() {
        return sourceProxy.jdbcUrl(source.name());
    }

    /** As the application and the operator reach the target. */
    public String targetUrl() {
        return targetProxy.jdbcUrl(target.name());
    }

    /** A small pool, as an operator's program has it. */
    public static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    /** The network in front of the target. */
    public TcpProxy targetNetwork() {
        return targetProxy;
    }

    /** Past the library and past the network. */
    public Connection source() throws SQLException {
        return source.connect();
    }

    /** Past the library and past the network. */
    public Connection target() throws SQLException {
        return target.connect();
    }

    @Override
    public void close() {
        try (servers;
                source;
                target;
                sourceProxy;
                targetProxy) {
            targetProxy.pass();
        }
    }
}
