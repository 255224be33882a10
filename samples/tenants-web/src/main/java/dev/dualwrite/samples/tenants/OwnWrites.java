package dev.dualwrite.samples.tenants;

import dev.dualwrite.jdbc.DualWriteConnection;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Whoever has written sees it on every instance: the answer to a write carries a token, and a request that brings it back reads
 * nothing older. For all transactions of all requests; no service knows of it.
 */
@Component
class OwnWrites implements TransactionExecutionListener {
    private final DataSource dataSource;
    private final String instance;

    OwnWrites(DataSource dataSource, @Value("${tenants.instance}") String instance) {
        this.dataSource = dataSource;
        this.instance = instance;
    }

    @Override
    public void afterBegin(TransactionExecution transaction, Throwable failure) {
        request()
                .map(request -> request.getRequest().getHeader(Headers.READ_AFTER))
                .ifPresent(token -> connection().ifPresent(connection -> readAfter(connection, token)));
    }

    private static void readAfter(DualWriteConnection connection, String token) {
        try {
            connection.readAfter(token);
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("nothing can be read after " + token, e);
        }
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        connection()
                .flatMap(DualWriteConnection::side)
                .ifPresent(side -> answer(Headers.ANSWERED_BY, instance + ' ' + side));
    }

    @Override
    public void afterCommit(TransactionExecution transaction, Throwable failure) {
        if (failure == null && !transaction.isReadOnly()) {
            connection()
                    .flatMap(DualWriteConnection::writeToken)
                    .ifPresent(token -> answer(Headers.WRITE_TOKEN, token));
        }
    }

    private Optional<DualWriteConnection> connection() {
        return TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder
                ? Optional.of(unwrapped(holder))
                : Optional.empty();
    }

    private static DualWriteConnection unwrapped(ConnectionHolder holder) {
        try {
            return holder.getConnection().unwrap(DualWriteConnection.class);
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("the connection is not one of dualwrite", e);
        }
    }

    private static void answer(String header, String value) {
        request()
                .map(ServletRequestAttributes::getResponse)
                .ifPresent((HttpServletResponse response) -> response.setHeader(header, value));
    }

    private static Optional<ServletRequestAttributes> request() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
                ? Optional.of(request)
                : Optional.empty();
    }
}
