package dev.dualwrite.benchmarks;

import com.p6spy.engine.spy.P6DataSource;
import dev.dualwrite.Phase;
import dev.dualwrite.jdbc.boundary.BoundaryDataSource;
import dev.dualwrite.jdbc.runtime.StubMigration;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.jdbc.datasource.JdbcTelemetry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/** What may stand between an application and the driver's pool. */
enum Wrapper {
    BARE("bare"),
    SPRING_LAZY("Spring's lazy proxy"),
    P6SPY("p6spy, no log"),
    DATASOURCE_PROXY("datasource-proxy, no listener"),
    OPENTELEMETRY("OpenTelemetry, noop"),
    OUTSIDE("dualwrite, a table outside"),
    SOURCE_ONLY("dualwrite, a moved table, SOURCE_ONLY"),
    DUAL_WRITE("dualwrite, a moved table, DUAL_WRITE");

    private final String title;

    Wrapper(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    DataSource over(DataSource driver) throws SQLException {
        return switch (this) {
            case BARE -> driver;
            case SPRING_LAZY -> new LazyConnectionDataSourceProxy(driver);
            case P6SPY -> new P6DataSource(driver);
            case DATASOURCE_PROXY -> ProxyDataSourceBuilder.create(driver).build();
            case OPENTELEMETRY -> JdbcTelemetry.create(OpenTelemetry.noop()).wrap(driver);
            case OUTSIDE, SOURCE_ONLY, DUAL_WRITE -> new BoundaryDataSource(List.of(new StubMigration(driver)));
        };
    }

    boolean boundary() {
        return this == OUTSIDE || this == SOURCE_ONLY || this == DUAL_WRITE;
    }

    /** In which the migration is. */
    Phase phase() {
        return this == SOURCE_ONLY ? Phase.SOURCE_ONLY : Phase.DUAL_WRITE;
    }

    String table() {
        return this == OUTSIDE ? "journal" : "account";
    }

    /** The others with their versions, as their jars are called. */
    static List<String> jars() {
        return Stream.of(
                        LazyConnectionDataSourceProxy.class,
                        P6DataSource.class,
                        ProxyDataSourceBuilder.class,
                        JdbcTelemetry.class)
                .map(type -> Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .getFileName()
                        .toString()
                        .replace(".jar", ""))
                .toList();
    }
}
