package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DelegatesTest {

    static Stream<Arguments> wrappers() {
        return Stream.of(
                Arguments.of(BoundaryDataSource.class, DataSource.class),
                Arguments.of(BoundaryConnection.class, Connection.class),
                Arguments.of(BoundaryStatement.class, Statement.class),
                Arguments.of(BoundaryPreparedStatement.class, PreparedStatement.class),
                Arguments.of(BoundaryResultSet.class, ResultSet.class),
                Arguments.of(BoundaryMetaData.class, DatabaseMetaData.class));
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void noMethodOfTheRunningJdkIsLeftToAnInterfaceDefault(Class<?> wrapper, Class<?> jdbc) throws Exception {
        for (Method method : jdbc.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            Method own = wrapper.getMethod(method.getName(), method.getParameterTypes());
            assertThat(own.getDeclaringClass().isInterface())
                    .as("%s inherits a default: %s", wrapper.getSimpleName(), method)
                    .isFalse();
        }
    }

    @Test
    void theConnectionHasTheMethodsOfJdbc45BeforeTheJdkDoes() throws Exception {
        assertThat(BoundaryConnection.class.getMethod("enquoteLiteral", String.class))
                .isNotNull();
        assertThat(BoundaryConnection.class.getMethod("enquoteNCharLiteral", String.class))
                .isNotNull();
        assertThat(BoundaryConnection.class.getMethod("enquoteIdentifier", String.class, boolean.class))
                .isNotNull();
        assertThat(BoundaryConnection.class.getMethod("isSimpleIdentifier", String.class))
                .isNotNull();
    }

    @Test
    void everyMetadataResultSetIsWrapped() {
        List<String> bare = Stream.of(DatabaseMetaData.class.getMethods())
                .filter(method -> method.getReturnType() == ResultSet.class)
                .map(Method::getName)
                .filter(name -> Stream.of(ForwardingMetaData.class.getDeclaredMethods())
                        .noneMatch(method -> method.getName().equals(name)))
                .toList();
        assertThat(bare).isEmpty();
    }
}
