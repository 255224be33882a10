package dev.dualwrite.benchmarks;

import com.mysql.cj.jdbc.MysqlXADataSource;
import com.mysql.cj.jdbc.MysqlXid;
import dev.dualwrite.Side;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * Two-phase commit over both servers. No transaction manager: nothing is logged between the phases, so this is less
 * than what an application would have to pay. Each client keeps its two connections, with no pool.
 */
record Xa(Databases databases) implements Contender {
    @Override
    public String name() {
        return "XA";
    }

    @Override
    public boolean writesBoth() {
        return true;
    }

    @Override
    public boolean does(Workload workload) {
        return workload == Workload.TRANSACTION;
    }

    @Override
    public Running open(int clients) {
        return new Running() {
            @Override
            public Client client(Workload workload) throws SQLException {
                Branch source = Branch.open(databases.jdbcUrl(Side.SOURCE), (byte) 1);
                try {
                    return new TwoPhases(source, Branch.open(databases.jdbcUrl(Side.TARGET), (byte) 2));
                } catch (SQLException e) {
                    source.close();
                    throw e;
                }
            }

            @Override
            public void close() {}
        };
    }

    private record TwoPhases(Branch source, Branch target) implements Running.Client {
        @Override
        public void write(long key) throws SQLException {
            UUID id = UUID.randomUUID();
            byte[] global = ByteBuffer.allocate(16)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
            Xid first = source.xid(global);
            Xid second = target.xid(global);
            try {
                source.change(first, key);
                target.change(second, key);
                source.resource().prepare(first);
                target.resource().prepare(second);
                source.resource().commit(first, false);
                target.resource().commit(second, false);
            } catch (XAException e) {
                throw new SQLException("XA error " + e.errorCode, e);
            }
        }

        @Override
        public void close() throws SQLException {
            source.close();
            target.close();
        }
    }

    private record Branch(XAConnection physical, Connection connection, XAResource resource, byte qualifier) {
        static Branch open(String url, byte qualifier) throws SQLException {
            MysqlXADataSource server = new MysqlXADataSource();
            server.setUrl(url);
            XAConnection physical = server.getXAConnection();
            return new Branch(physical, physical.getConnection(), physical.getXAResource(), qualifier);
        }

        Xid xid(byte[] global) {
            return new MysqlXid(global, new byte[] {qualifier}, 1);
        }

        void change(Xid xid, long key) throws SQLException, XAException {
            resource.start(xid, XAResource.TMNOFLAGS);
            Workload.update(connection, key);
            resource.end(xid, XAResource.TMSUCCESS);
        }

        void close() throws SQLException {
            physical.close();
        }
    }
}
