package dev.dualwrite.jdbc.transparency;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One thing that a boundary could pass on wrongly. A comparison that does not find each of them proves nothing. */
enum Lie {
    NONE,
    A_VALUE_OF_A_ROW {
        @Override
        @Nullable Object told(String called, @Nullable Object answer) {
            return called.equals("getObject") && answer instanceof Integer number ? (Object) (number + 1) : answer;
        }
    },
    AN_UPDATE_COUNT {
        @Override
        @Nullable Object told(String called, @Nullable Object answer) {
            return called.equals("executeUpdate") && answer instanceof Integer count ? (Object) (count + 1) : answer;
        }
    },
    A_COUNT_OF_A_BATCH {
        @Override
        @Nullable Object told(String called, @Nullable Object answer) {
            if (called.equals("executeBatch") && answer instanceof int[] counts && counts.length > 1) {
                counts[counts.length - 1]++;
            }
            return answer;
        }
    },
    A_GENERATED_KEY {
        @Override
        @Nullable Object told(String called, @Nullable Object answer) throws SQLException {
            if (called.equals("getGeneratedKeys") && answer instanceof ResultSet rows) {
                rows.next();
            }
            return answer;
        }
    },
    A_WARNING {
        @Override
        @Nullable Object told(String called, @Nullable Object answer) {
            return called.equals("getWarnings") ? null : answer;
        }
    },
    THE_CLASS_OF_AN_EXCEPTION {
        @Override
        SQLException told(SQLException e) {
            return e instanceof SQLSyntaxErrorException
                    ? new SQLException(e.getMessage(), e.getSQLState(), e.getErrorCode())
                    : e;
        }
    },
    THE_SQLSTATE_OF_AN_EXCEPTION {
        @Override
        SQLException told(SQLException e) {
            return e instanceof SQLIntegrityConstraintViolationException
                    ? new SQLIntegrityConstraintViolationException(e.getMessage(), "23001", e.getErrorCode())
                    : e;
        }
    },
    THE_VENDOR_CODE_OF_AN_EXCEPTION {
        @Override
        SQLException told(SQLException e) {
            return e instanceof SQLIntegrityConstraintViolationException
                    ? new SQLIntegrityConstraintViolationException(e.getMessage(), e.getSQLState(), 1)
                    : e;
        }
    },
    A_PROPERTY_OF_A_COLUMN {
        @Override
        @Nullable Object told(String called, @Nullable Object answer) {
            return called.equals("isAutoIncrement") ? (Object) false : answer;
        }
    },
    THE_CATALOG_OF_A_CONNECTION {
        @Override
        @Nullable Object told(String called, @Nullable Object answer) {
            return called.equals("getCatalog") ? null : answer;
        }
    },
    A_COMMIT {
        @Override
        boolean keepsBack(String called) {
            return called.equals("commit");
        }
    };

    private static final List<Class<?>> TYPES = List.of(
            Connection.class,
            PreparedStatement.class,
            Statement.class,
            ResultSet.class,
            ResultSetMetaData.class,
            DatabaseMetaData.class);

    @Nullable Object told(String called, @Nullable Object answer) throws SQLException {
        return answer;
    }

    SQLException told(SQLException e) {
        return e;
    }

    /** Whether the call is not made. */
    boolean keepsBack(String called) {
        return false;
    }

    DataSource about(DataSource honest) {
        return (DataSource) new Teller(honest, null).proxy(DataSource.class);
    }

    private final class Teller implements InvocationHandler {
        private final Object real;
        /** Whose call gave the real one. */
        private final @Nullable Teller maker;

        private @Nullable Object proxy;

        Teller(Object real, @Nullable Teller maker) {
            this.real = real;
            this.maker = maker;
        }

        Object proxy(Class<?> type) {
            Object made = Proxy.newProxyInstance(Lie.class.getClassLoader(), new Class<?>[] {type}, this);
            proxy = made;
            return made;
        }

        @Override
        public @Nullable Object invoke(Object itself, Method method, Object @Nullable [] arguments) throws Throwable {
            if (keepsBack(method.getName())) {
                return null;
            }
            try {
                return wrapped(told(method.getName(), method.invoke(real, arguments)));
            } catch (InvocationTargetException e) {
                throw e.getCause() instanceof SQLException failure ? told(failure) : e.getCause();
            }
        }

        private @Nullable Object wrapped(@Nullable Object answer) {
            for (Teller above = maker; above != null; above = above.maker) {
                if (above.real == answer) {
                    return above.proxy;
                }
            }
            for (Class<?> type : TYPES) {
                if (type.isInstance(answer)) {
                    return new Teller(answer, this).proxy(type);
                }
            }
            return answer;
        }
    }
}
