package dev.dualwrite.jdbc.boundary;

import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.sql.Struct;
import java.util.Map;
import java.util.concurrent.Executor;

/** Sends every call on; mechanical. */
abstract class ForwardingConnection implements Connection {

    /** What every call goes to; taken or made if need be. */
    abstract Connection delegate() throws SQLException;

    @Override
    public void beginRequest() throws SQLException {
        delegate().beginRequest();
    }

    @Override
    public void clearWarnings() throws SQLException {
        delegate().clearWarnings();
    }

    @Override
    public void commit() throws SQLException {
        delegate().commit();
    }

    @Override
    public Array createArrayOf(String text, Object[] objects) throws SQLException {
        return delegate().createArrayOf(text, objects);
    }

    @Override
    public Blob createBlob() throws SQLException {
        return delegate().createBlob();
    }

    @Override
    public Clob createClob() throws SQLException {
        return delegate().createClob();
    }

    @Override
    public NClob createNClob() throws SQLException {
        return delegate().createNClob();
    }

    @Override
    public SQLXML createSQLXML() throws SQLException {
        return delegate().createSQLXML();
    }

    @Override
    public Statement createStatement() throws SQLException {
        return delegate().createStatement();
    }

    @Override
    public Statement createStatement(int value, int value2) throws SQLException {
        return delegate().createStatement(value, value2);
    }

    @Override
    public Statement createStatement(int value, int value2, int value3) throws SQLException {
        return delegate().createStatement(value, value2, value3);
    }

    @Override
    public Struct createStruct(String text, Object[] objects) throws SQLException {
        return delegate().createStruct(text, objects);
    }

    @Override
    public void endRequest() throws SQLException {
        delegate().endRequest();
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        return delegate().getAutoCommit();
    }

    @Override
    public String getCatalog() throws SQLException {
        return delegate().getCatalog();
    }

    @Override
    public int getHoldability() throws SQLException {
        return delegate().getHoldability();
    }

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        return delegate().getMetaData();
    }

    @Override
    public int getNetworkTimeout() throws SQLException {
        return delegate().getNetworkTimeout();
    }

    @Override
    public String getSchema() throws SQLException {
        return delegate().getSchema();
    }

    @Override
    public int getTransactionIsolation() throws SQLException {
        return delegate().getTransactionIsolation();
    }

    @Override
    public Map<String, Class<?>> getTypeMap() throws SQLException {
        return delegate().getTypeMap();
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return delegate().getWarnings();
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return delegate().isReadOnly();
    }

    @Override
    public boolean isValid(int value) throws SQLException {
        return delegate().isValid(value);
    }

    @Override
    public String nativeSQL(String sql) throws SQLException {
        return delegate().nativeSQL(sql);
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        return delegate().prepareCall(sql);
    }

    @Override
    public CallableStatement prepareCall(String sql, int value, int value2) throws SQLException {
        return delegate().prepareCall(sql, value, value2);
    }

    @Override
    public CallableStatement prepareCall(String sql, int value, int value2, int value3) throws SQLException {
        return delegate().prepareCall(sql, value, value2, value3);
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return delegate().prepareStatement(sql);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int value) throws SQLException {
        return delegate().prepareStatement(sql, value);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] ints) throws SQLException {
        return delegate().prepareStatement(sql, ints);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] strings) throws SQLException {
        return delegate().prepareStatement(sql, strings);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int value, int value2) throws SQLException {
        return delegate().prepareStatement(sql, value, value2);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int value, int value2, int value3) throws SQLException {
        return delegate().prepareStatement(sql, value, value2, value3);
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        delegate().releaseSavepoint(savepoint);
    }

    @Override
    public void rollback() throws SQLException {
        delegate().rollback();
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        delegate().rollback(savepoint);
    }

    @Override
    public void setAutoCommit(boolean value) throws SQLException {
        delegate().setAutoCommit(value);
    }

    @Override
    public void setCatalog(String text) throws SQLException {
        delegate().setCatalog(text);
    }

    @Override
    public void setHoldability(int value) throws SQLException {
        delegate().setHoldability(value);
    }

    @Override
    public void setNetworkTimeout(Executor executor, int value) throws SQLException {
        delegate().setNetworkTimeout(executor, value);
    }

    @Override
    public void setReadOnly(boolean value) throws SQLException {
        delegate().setReadOnly(value);
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        return delegate().setSavepoint();
    }

    @Override
    public Savepoint setSavepoint(String text) throws SQLException {
        return delegate().setSavepoint(text);
    }

    @Override
    public void setSchema(String text) throws SQLException {
        delegate().setSchema(text);
    }

    @Override
    public void setShardingKey(ShardingKey shardingKey) throws SQLException {
        delegate().setShardingKey(shardingKey);
    }

    @Override
    public void setShardingKey(ShardingKey shardingKey, ShardingKey shardingKey2) throws SQLException {
        delegate().setShardingKey(shardingKey, shardingKey2);
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey shardingKey, int value) throws SQLException {
        return delegate().setShardingKeyIfValid(shardingKey, value);
    }

    @Override
    public boolean setShardingKeyIfValid(ShardingKey shardingKey, ShardingKey shardingKey2, int value)
            throws SQLException {
        return delegate().setShardingKeyIfValid(shardingKey, shardingKey2, value);
    }

    @Override
    public void setTransactionIsolation(int value) throws SQLException {
        delegate().setTransactionIsolation(value);
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        delegate().setTypeMap(map);
    }
}
