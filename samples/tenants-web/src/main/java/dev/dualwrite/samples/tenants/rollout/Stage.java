package dev.dualwrite.samples.tenants.rollout;

import dev.dualwrite.jdbc.DualWrite;
import dev.dualwrite.samples.tenants.TenantsApplication;
import dev.dualwrite.testkit.server.ProviderName;
import dev.dualwrite.testkit.server.Schema;
import dev.dualwrite.testkit.server.ServerRequest;
import dev.dualwrite.testkit.server.ServersUnavailableException;
import dev.dualwrite.testkit.server.TwoServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/** A schema on each of two servers, and the instances of the service, each with an HTTP port, pools and a migration of its own. */
final class Stage implements AutoCloseable {
    private final Schema source;
    private final Schema target;
    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    private Stage(Schema source, Schema target) {
        this.source = source;
        this.target = target;
    }

    /** A running instance. */
    record Instance(String name, String url, DualWrite dualWrite) {}

    /** The embedded servers where there are some for this platform, unless others are asked for. */
    static TwoServers servers(Optional<Options.Urls> urls) {
        ServerRequest request = ServerRequest.fromEnvironment();
        if (urls.isPresent()) {
            return TwoServers.open(request.choosing(new ServerRequest.Choice.Urls(
                    urls.get().source(), urls.get().target())));
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

    /** Makes the tables on both servers, and fills those of the source. */
    static Stage on(TwoServers servers, Beginning beginning) throws SQLException {
        Stage stage = new Stage(
                servers.source().isolatedSchema("tenants"), servers.target().isolatedSchema("tenants"));
        try (Connection one = stage.source();
                Connection other = stage.target()) {
            ClassPathResource tables = new ClassPathResource("tenants.sql", TenantsApplication.class);
            ScriptUtils.executeSqlScript(one, tables);
            ScriptUtils.executeSqlScript(other, tables);
            beginning.write(one);
        } catch (SQLException | RuntimeException e) {
            stage.close();
            throw e;
        }
        return stage;
    }

    /**
     * Starts an instance in a zone of its own.
     *
     * @param compared percent of the reads
     */
    Instance start(String name, int compared) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(TenantsApplication.class)
                .properties("logging.file.name=target/tenants-web.log", "logging.threshold.console=off")
                .properties(
                        "tenants.instance=" + name,
                        "tenants.zone=zone-" + name,
                        "tenants.reads-compared=" + compared,
                        "tenants.source.jdbc-url=" + source.jdbcUrl(),
                        "tenants.target.jdbc-url=" + target.jdbcUrl())
                .run();
        contexts.add(context);
        int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
        return new Instance(name, "http://127.0.0.1:" + port, context.getBean(DualWrite.class));
    }

    /** Past the library. */
    Connection source() throws SQLException {
        return source.connect();
    }

    /** Past the library. */
    Connection target() throws SQLException {
        return target.connect();
    }

    @Override
    public void close() {
        contexts.forEach(ConfigurableApplicationContext::close);
        target.close();
        source.close();
    }
}
