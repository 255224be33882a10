package dev.dualwrite.samples.devices;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.ibatis.exceptions.PersistenceException;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.jspecify.annotations.Nullable;

/** The application: registers devices, stores what they report, retires them. Safe for use by any number of threads. */
public final class Devices {
    private static final int ATTEMPTS = 50;

    private final SqlSessionFactory sessions;

    public Devices(DataSource dataSource) {
        Configuration configuration =
                new Configuration(new Environment("devices", new JdbcTransactionFactory(), dataSource));
        configuration.addMapper(DeviceMapper.class);
        configuration.addMapper(PresenceMapper.class);
        sessions = new SqlSessionFactoryBuilder().build(configuration);
    }

    /** Registers devices, all or none. They have their ids afterwards. */
    public void register(List<Device> devices) {
        inTransaction(ExecutorType.BATCH, session -> {
            DeviceMapper mapper = session.getMapper(DeviceMapper.class);
            devices.forEach(mapper::insertDevice);
            session.flushStatements(); // which gives them their ids
            devices.forEach(mapper::insertState);
            return devices.size();
        });
    }

    /**
     * Stores what a device sent. What it has sent before is left out, so it may send again whatever it had no answer to.
     *
     * @param readings of one device, in order, at least one
     * @return the sequence of the last reading that is stored now; -1 of a device that is not registered
     */
    public long report(List<Reading> readings) {
        Reading last = readings.get(readings.size() - 1);
        long stored = inTransaction(ExecutorType.BATCH, session -> {
            DeviceMapper mapper = session.getMapper(DeviceMapper.class);
            DeviceState state = mapper.lockState(last.device());
            if (state == null) {
                return -1L;
            }
            readings.stream()
                    .filter(reading -> reading.sequence() > state.sequence())
                    .forEach(mapper::insertReading);
            mapper.advance(last);
            return Math.max(state.sequence(), last.sequence());
        });
        inTransaction(ExecutorType.SIMPLE, session -> {
            session.getMapper(PresenceMapper.class).heard(last.device());
            return stored;
        });
        return stored;
    }

    /** Takes devices out of the registry, with all that they reported; how many were there. */
    public int retire(List<Long> devices) {
        return inTransaction(ExecutorType.SIMPLE, session -> {
            DeviceMapper mapper = session.getMapper(DeviceMapper.class);
            mapper.deleteReadings(devices);
            mapper.deleteStates(devices);
            return mapper.deleteDevices(devices);
        });
    }

    /** Runs a transaction, and again if it was one that the database gave up to resolve a conflict. */
    private <T> T inTransaction(ExecutorType type, Function<SqlSession, T> work) {
        for (int attempt = 1; ; attempt++) {
            try (SqlSession session = sessions.openSession(type)) {
                T result = work.apply(session);
                session.commit();
                return result;
            } catch (PersistenceException e) {
                if (attempt == ATTEMPTS || !isConflict(e)) {
                    throw e;
                }
            }
        }
    }

    /** Whether nothing of the transaction is stored and it may be run again: a deadlock, a lock that was waited for too long. */
    private static boolean isConflict(PersistenceException failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && "40001".equals(e.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
