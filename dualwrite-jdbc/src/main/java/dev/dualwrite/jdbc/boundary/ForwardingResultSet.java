package dev.dualwrite.jdbc.boundary;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;

/** Sends every call on; mechanical. */
abstract class ForwardingResultSet implements ResultSet {
    final ResultSet delegate;

    ForwardingResultSet(ResultSet delegate) {
        this.delegate = delegate;
    }

    @Override
    public boolean absolute(int value) throws SQLException {
        return delegate.absolute(value);
    }

    @Override
    public void afterLast() throws SQLException {
        delegate.afterLast();
    }

    @Override
    public void beforeFirst() throws SQLException {
        delegate.beforeFirst();
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        delegate.cancelRowUpdates();
    }

    @Override
    public void clearWarnings() throws SQLException {
        delegate.clearWarnings();
    }

    @Override
    public void close() throws SQLException {
        delegate.close();
    }

    @Override
    public void deleteRow() throws SQLException {
        delegate.deleteRow();
    }

    @Override
    public int findColumn(String column) throws SQLException {
        return delegate.findColumn(column);
    }

    @Override
    public boolean first() throws SQLException {
        return delegate.first();
    }

    @Override
    public Array getArray(int column) throws SQLException {
        return delegate.getArray(column);
    }

    @Override
    public Array getArray(String column) throws SQLException {
        return delegate.getArray(column);
    }

    @Override
    public InputStream getAsciiStream(int column) throws SQLException {
        return delegate.getAsciiStream(column);
    }

    @Override
    public InputStream getAsciiStream(String column) throws SQLException {
        return delegate.getAsciiStream(column);
    }

    @Override
    public BigDecimal getBigDecimal(int column) throws SQLException {
        return delegate.getBigDecimal(column);
    }

    @Override
    public BigDecimal getBigDecimal(String column) throws SQLException {
        return delegate.getBigDecimal(column);
    }

    @Override
    @SuppressWarnings("deprecation")
    public BigDecimal getBigDecimal(int column, int value) throws SQLException {
        return delegate.getBigDecimal(column, value);
    }

    @Override
    @SuppressWarnings("deprecation")
    public BigDecimal getBigDecimal(String column, int value) throws SQLException {
        return delegate.getBigDecimal(column, value);
    }

    @Override
    public InputStream getBinaryStream(int column) throws SQLException {
        return delegate.getBinaryStream(column);
    }

    @Override
    public InputStream getBinaryStream(String column) throws SQLException {
        return delegate.getBinaryStream(column);
    }

    @Override
    public Blob getBlob(int column) throws SQLException {
        return delegate.getBlob(column);
    }

    @Override
    public Blob getBlob(String column) throws SQLException {
        return delegate.getBlob(column);
    }

    @Override
    public boolean getBoolean(int column) throws SQLException {
        return delegate.getBoolean(column);
    }

    @Override
    public boolean getBoolean(String column) throws SQLException {
        return delegate.getBoolean(column);
    }

    @Override
    public byte getByte(int column) throws SQLException {
        return delegate.getByte(column);
    }

    @Override
    public byte getByte(String column) throws SQLException {
        return delegate.getByte(column);
    }

    @Override
    public byte[] getBytes(int column) throws SQLException {
        return delegate.getBytes(column);
    }

    @Override
    public byte[] getBytes(String column) throws SQLException {
        return delegate.getBytes(column);
    }

    @Override
    public Reader getCharacterStream(int column) throws SQLException {
        return delegate.getCharacterStream(column);
    }

    @Override
    public Reader getCharacterStream(String column) throws SQLException {
        return delegate.getCharacterStream(column);
    }

    @Override
    public Clob getClob(int column) throws SQLException {
        return delegate.getClob(column);
    }

    @Override
    public Clob getClob(String column) throws SQLException {
        return delegate.getClob(column);
    }

    @Override
    public int getConcurrency() throws SQLException {
        return delegate.getConcurrency();
    }

    @Override
    public String getCursorName() throws SQLException {
        return delegate.getCursorName();
    }

    @Override
    public Date getDate(int column) throws SQLException {
        return delegate.getDate(column);
    }

    @Override
    public Date getDate(String column) throws SQLException {
        return delegate.getDate(column);
    }

    @Override
    public Date getDate(int column, Calendar calendar) throws SQLException {
        return delegate.getDate(column, calendar);
    }

    @Override
    public Date getDate(String column, Calendar calendar) throws SQLException {
        return delegate.getDate(column, calendar);
    }

    @Override
    public double getDouble(int column) throws SQLException {
        return delegate.getDouble(column);
    }

    @Override
    public double getDouble(String column) throws SQLException {
        return delegate.getDouble(column);
    }

    @Override
    public int getFetchDirection() throws SQLException {
        return delegate.getFetchDirection();
    }

    @Override
    public int getFetchSize() throws SQLException {
        return delegate.getFetchSize();
    }

    @Override
    public float getFloat(int column) throws SQLException {
        return delegate.getFloat(column);
    }

    @Override
    public float getFloat(String column) throws SQLException {
        return delegate.getFloat(column);
    }

    @Override
    public int getHoldability() throws SQLException {
        return delegate.getHoldability();
    }

    @Override
    public int getInt(int column) throws SQLException {
        return delegate.getInt(column);
    }

    @Override
    public int getInt(String column) throws SQLException {
        return delegate.getInt(column);
    }

    @Override
    public long getLong(int column) throws SQLException {
        return delegate.getLong(column);
    }

    @Override
    public long getLong(String column) throws SQLException {
        return delegate.getLong(column);
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        return delegate.getMetaData();
    }

    @Override
    public Reader getNCharacterStream(int column) throws SQLException {
        return delegate.getNCharacterStream(column);
    }

    @Override
    public Reader getNCharacterStream(String column) throws SQLException {
        return delegate.getNCharacterStream(column);
    }

    @Override
    public NClob getNClob(int column) throws SQLException {
        return delegate.getNClob(column);
    }

    @Override
    public NClob getNClob(String column) throws SQLException {
        return delegate.getNClob(column);
    }

    @Override
    public String getNString(int column) throws SQLException {
        return delegate.getNString(column);
    }

    @Override
    public String getNString(String column) throws SQLException {
        return delegate.getNString(column);
    }

    @Override
    public Object getObject(int column) throws SQLException {
        return delegate.getObject(column);
    }

    @Override
    public Object getObject(String column) throws SQLException {
        return delegate.getObject(column);
    }

    @Override
    public <T> T getObject(int column, Class<T> type) throws SQLException {
        return delegate.getObject(column, type);
    }

    @Override
    public <T> T getObject(String column, Class<T> type) throws SQLException {
        return delegate.getObject(column, type);
    }

    @Override
    public Object getObject(int column, Map<String, Class<?>> map) throws SQLException {
        return delegate.getObject(column, map);
    }

    @Override
    public Object getObject(String column, Map<String, Class<?>> map) throws SQLException {
        return delegate.getObject(column, map);
    }

    @Override
    public Ref getRef(int column) throws SQLException {
        return delegate.getRef(column);
    }

    @Override
    public Ref getRef(String column) throws SQLException {
        return delegate.getRef(column);
    }

    @Override
    public int getRow() throws SQLException {
        return delegate.getRow();
    }

    @Override
    public RowId getRowId(int column) throws SQLException {
        return delegate.getRowId(column);
    }

    @Override
    public RowId getRowId(String column) throws SQLException {
        return delegate.getRowId(column);
    }

    @Override
    public SQLXML getSQLXML(int column) throws SQLException {
        return delegate.getSQLXML(column);
    }

    @Override
    public SQLXML getSQLXML(String column) throws SQLException {
        return delegate.getSQLXML(column);
    }

    @Override
    public short getShort(int column) throws SQLException {
        return delegate.getShort(column);
    }

    @Override
    public short getShort(String column) throws SQLException {
        return delegate.getShort(column);
    }

    @Override
    public Statement getStatement() throws SQLException {
        return delegate.getStatement();
    }

    @Override
    public String getString(int column) throws SQLException {
        return delegate.getString(column);
    }

    @Override
    public String getString(String column) throws SQLException {
        return delegate.getString(column);
    }

    @Override
    public Time getTime(int column) throws SQLException {
        return delegate.getTime(column);
    }

    @Override
    public Time getTime(String column) throws SQLException {
        return delegate.getTime(column);
    }

    @Override
    public Time getTime(int column, Calendar calendar) throws SQLException {
        return delegate.getTime(column, calendar);
    }

    @Override
    public Time getTime(String column, Calendar calendar) throws SQLException {
        return delegate.getTime(column, calendar);
    }

    @Override
    public Timestamp getTimestamp(int column) throws SQLException {
        return delegate.getTimestamp(column);
    }

    @Override
    public Timestamp getTimestamp(String column) throws SQLException {
        return delegate.getTimestamp(column);
    }

    @Override
    public Timestamp getTimestamp(int column, Calendar calendar) throws SQLException {
        return delegate.getTimestamp(column, calendar);
    }

    @Override
    public Timestamp getTimestamp(String column, Calendar calendar) throws SQLException {
        return delegate.getTimestamp(column, calendar);
    }

    @Override
    public int getType() throws SQLException {
        return delegate.getType();
    }

    @Override
    public URL getURL(int column) throws SQLException {
        return delegate.getURL(column);
    }

    @Override
    public URL getURL(String column) throws SQLException {
        return delegate.getURL(column);
    }

    @Override
    @SuppressWarnings("deprecation")
    public InputStream getUnicodeStream(int column) throws SQLException {
        return delegate.getUnicodeStream(column);
    }

    @Override
    @SuppressWarnings("deprecation")
    public InputStream getUnicodeStream(String column) throws SQLException {
        return delegate.getUnicodeStream(column);
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return delegate.getWarnings();
    }

    @Override
    public void insertRow() throws SQLException {
        delegate.insertRow();
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        return delegate.isAfterLast();
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        return delegate.isBeforeFirst();
    }

    @Override
    public boolean isClosed() throws SQLException {
        return delegate.isClosed();
    }

    @Override
    public boolean isFirst() throws SQLException {
        return delegate.isFirst();
    }

    @Override
    public boolean isLast() throws SQLException {
        return delegate.isLast();
    }

    @Override
    public boolean last() throws SQLException {
        return delegate.last();
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        delegate.moveToCurrentRow();
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        delegate.moveToInsertRow();
    }

    @Override
    public boolean next() throws SQLException {
        return delegate.next();
    }

    @Override
    public boolean previous() throws SQLException {
        return delegate.previous();
    }

    @Override
    public void refreshRow() throws SQLException {
        delegate.refreshRow();
    }

    @Override
    public boolean relative(int value) throws SQLException {
        return delegate.relative(value);
    }

    @Override
    public boolean rowDeleted() throws SQLException {
        return delegate.rowDeleted();
    }

    @Override
    public boolean rowInserted() throws SQLException {
        return delegate.rowInserted();
    }

    @Override
    public boolean rowUpdated() throws SQLException {
        return delegate.rowUpdated();
    }

    @Override
    public void setFetchDirection(int value) throws SQLException {
        delegate.setFetchDirection(value);
    }

    @Override
    public void setFetchSize(int value) throws SQLException {
        delegate.setFetchSize(value);
    }

    @Override
    public void updateArray(int column, Array array) throws SQLException {
        delegate.updateArray(column, array);
    }

    @Override
    public void updateArray(String column, Array array) throws SQLException {
        delegate.updateArray(column, array);
    }

    @Override
    public void updateAsciiStream(int column, InputStream inputStream) throws SQLException {
        delegate.updateAsciiStream(column, inputStream);
    }

    @Override
    public void updateAsciiStream(String column, InputStream inputStream) throws SQLException {
        delegate.updateAsciiStream(column, inputStream);
    }

    @Override
    public void updateAsciiStream(int column, InputStream inputStream, int value) throws SQLException {
        delegate.updateAsciiStream(column, inputStream, value);
    }

    @Override
    public void updateAsciiStream(int column, InputStream inputStream, long value) throws SQLException {
        delegate.updateAsciiStream(column, inputStream, value);
    }

    @Override
    public void updateAsciiStream(String column, InputStream inputStream, int value) throws SQLException {
        delegate.updateAsciiStream(column, inputStream, value);
    }

    @Override
    public void updateAsciiStream(String column, InputStream inputStream, long value) throws SQLException {
        delegate.updateAsciiStream(column, inputStream, value);
    }

    @Override
    public void updateBigDecimal(int column, BigDecimal bigDecimal) throws SQLException {
        delegate.updateBigDecimal(column, bigDecimal);
    }

    @Override
    public void updateBigDecimal(String column, BigDecimal bigDecimal) throws SQLException {
        delegate.updateBigDecimal(column, bigDecimal);
    }

    @Override
    public void updateBinaryStream(int column, InputStream inputStream) throws SQLException {
        delegate.updateBinaryStream(column, inputStream);
    }

    @Override
    public void updateBinaryStream(String column, InputStream inputStream) throws SQLException {
        delegate.updateBinaryStream(column, inputStream);
    }

    @Override
    public void updateBinaryStream(int column, InputStream inputStream, int value) throws SQLException {
        delegate.updateBinaryStream(column, inputStream, value);
    }

    @Override
    public void updateBinaryStream(int column, InputStream inputStream, long value) throws SQLException {
        delegate.updateBinaryStream(column, inputStream, value);
    }

    @Override
    public void updateBinaryStream(String column, InputStream inputStream, int value) throws SQLException {
        delegate.updateBinaryStream(column, inputStream, value);
    }

    @Override
    public void updateBinaryStream(String column, InputStream inputStream, long value) throws SQLException {
        delegate.updateBinaryStream(column, inputStream, value);
    }

    @Override
    public void updateBlob(int column, InputStream inputStream) throws SQLException {
        delegate.updateBlob(column, inputStream);
    }

    @Override
    public void updateBlob(int column, Blob blob) throws SQLException {
        delegate.updateBlob(column, blob);
    }

    @Override
    public void updateBlob(String column, InputStream inputStream) throws SQLException {
        delegate.updateBlob(column, inputStream);
    }

    @Override
    public void updateBlob(String column, Blob blob) throws SQLException {
        delegate.updateBlob(column, blob);
    }

    @Override
    public void updateBlob(int column, InputStream inputStream, long value) throws SQLException {
        delegate.updateBlob(column, inputStream, value);
    }

    @Override
    public void updateBlob(String column, InputStream inputStream, long value) throws SQLException {
        delegate.updateBlob(column, inputStream, value);
    }

    @Override
    public void updateBoolean(int column, boolean value) throws SQLException {
        delegate.updateBoolean(column, value);
    }

    @Override
    public void updateBoolean(String column, boolean value) throws SQLException {
        delegate.updateBoolean(column, value);
    }

    @Override
    public void updateByte(int column, byte value) throws SQLException {
        delegate.updateByte(column, value);
    }

    @Override
    public void updateByte(String column, byte value) throws SQLException {
        delegate.updateByte(column, value);
    }

    @Override
    public void updateBytes(int column, byte[] bytes) throws SQLException {
        delegate.updateBytes(column, bytes);
    }

    @Override
    public void updateBytes(String column, byte[] bytes) throws SQLException {
        delegate.updateBytes(column, bytes);
    }

    @Override
    public void updateCharacterStream(int column, Reader reader) throws SQLException {
        delegate.updateCharacterStream(column, reader);
    }

    @Override
    public void updateCharacterStream(String column, Reader reader) throws SQLException {
        delegate.updateCharacterStream(column, reader);
    }

    @Override
    public void updateCharacterStream(int column, Reader reader, int value) throws SQLException {
        delegate.updateCharacterStream(column, reader, value);
    }

    @Override
    public void updateCharacterStream(int column, Reader reader, long value) throws SQLException {
        delegate.updateCharacterStream(column, reader, value);
    }

    @Override
    public void updateCharacterStream(String column, Reader reader, int value) throws SQLException {
        delegate.updateCharacterStream(column, reader, value);
    }

    @Override
    public void updateCharacterStream(String column, Reader reader, long value) throws SQLException {
        delegate.updateCharacterStream(column, reader, value);
    }

    @Override
    public void updateClob(int column, Reader reader) throws SQLException {
        delegate.updateClob(column, reader);
    }

    @Override
    public void updateClob(int column, Clob clob) throws SQLException {
        delegate.updateClob(column, clob);
    }

    @Override
    public void updateClob(String column, Reader reader) throws SQLException {
        delegate.updateClob(column, reader);
    }

    @Override
    public void updateClob(String column, Clob clob) throws SQLException {
        delegate.updateClob(column, clob);
    }

    @Override
    public void updateClob(int column, Reader reader, long value) throws SQLException {
        delegate.updateClob(column, reader, value);
    }

    @Override
    public void updateClob(String column, Reader reader, long value) throws SQLException {
        delegate.updateClob(column, reader, value);
    }

    @Override
    public void updateDate(int column, Date date) throws SQLException {
        delegate.updateDate(column, date);
    }

    @Override
    public void updateDate(String column, Date date) throws SQLException {
        delegate.updateDate(column, date);
    }

    @Override
    public void updateDouble(int column, double value) throws SQLException {
        delegate.updateDouble(column, value);
    }

    @Override
    public void updateDouble(String column, double value) throws SQLException {
        delegate.updateDouble(column, value);
    }

    @Override
    public void updateFloat(int column, float value) throws SQLException {
        delegate.updateFloat(column, value);
    }

    @Override
    public void updateFloat(String column, float value) throws SQLException {
        delegate.updateFloat(column, value);
    }

    @Override
    public void updateInt(int column, int value) throws SQLException {
        delegate.updateInt(column, value);
    }

    @Override
    public void updateInt(String column, int value) throws SQLException {
        delegate.updateInt(column, value);
    }

    @Override
    public void updateLong(int column, long value) throws SQLException {
        delegate.updateLong(column, value);
    }

    @Override
    public void updateLong(String column, long value) throws SQLException {
        delegate.updateLong(column, value);
    }

    @Override
    public void updateNCharacterStream(int column, Reader reader) throws SQLException {
        delegate.updateNCharacterStream(column, reader);
    }

    @Override
    public void updateNCharacterStream(String column, Reader reader) throws SQLException {
        delegate.updateNCharacterStream(column, reader);
    }

    @Override
    public void updateNCharacterStream(int column, Reader reader, long value) throws SQLException {
        delegate.updateNCharacterStream(column, reader, value);
    }

    @Override
    public void updateNCharacterStream(String column, Reader reader, long value) throws SQLException {
        delegate.updateNCharacterStream(column, reader, value);
    }

    @Override
    public void updateNClob(int column, Reader reader) throws SQLException {
        delegate.updateNClob(column, reader);
    }

    @Override
    public void updateNClob(int column, NClob clob) throws SQLException {
        delegate.updateNClob(column, clob);
    }

    @Override
    public void updateNClob(String column, Reader reader) throws SQLException {
        delegate.updateNClob(column, reader);
    }

    @Override
    public void updateNClob(String column, NClob clob) throws SQLException {
        delegate.updateNClob(column, clob);
    }

    @Override
    public void updateNClob(int column, Reader reader, long value) throws SQLException {
        delegate.updateNClob(column, reader, value);
    }

    @Override
    public void updateNClob(String column, Reader reader, long value) throws SQLException {
        delegate.updateNClob(column, reader, value);
    }

    @Override
    public void updateNString(int column, String text) throws SQLException {
        delegate.updateNString(column, text);
    }

    @Override
    public void updateNString(String column, String text) throws SQLException {
        delegate.updateNString(column, text);
    }

    @Override
    public void updateNull(int column) throws SQLException {
        delegate.updateNull(column);
    }

    @Override
    public void updateNull(String column) throws SQLException {
        delegate.updateNull(column);
    }

    @Override
    public void updateObject(int column, Object object) throws SQLException {
        delegate.updateObject(column, object);
    }

    @Override
    public void updateObject(String column, Object object) throws SQLException {
        delegate.updateObject(column, object);
    }

    @Override
    public void updateObject(int column, Object object, int value) throws SQLException {
        delegate.updateObject(column, object, value);
    }

    @Override
    public void updateObject(String column, Object object, int value) throws SQLException {
        delegate.updateObject(column, object, value);
    }

    @Override
    public void updateObject(int column, Object object, SQLType type) throws SQLException {
        delegate.updateObject(column, object, type);
    }

    @Override
    public void updateObject(String column, Object object, SQLType type) throws SQLException {
        delegate.updateObject(column, object, type);
    }

    @Override
    public void updateObject(int column, Object object, SQLType type, int value) throws SQLException {
        delegate.updateObject(column, object, type, value);
    }

    @Override
    public void updateObject(String column, Object object, SQLType type, int value) throws SQLException {
        delegate.updateObject(column, object, type, value);
    }

    @Override
    public void updateRef(int column, Ref ref) throws SQLException {
        delegate.updateRef(column, ref);
    }

    @Override
    public void updateRef(String column, Ref ref) throws SQLException {
        delegate.updateRef(column, ref);
    }

    @Override
    public void updateRow() throws SQLException {
        delegate.updateRow();
    }

    @Override
    public void updateRowId(int column, RowId rowId) throws SQLException {
        delegate.updateRowId(column, rowId);
    }

    @Override
    public void updateRowId(String column, RowId rowId) throws SQLException {
        delegate.updateRowId(column, rowId);
    }

    @Override
    public void updateSQLXML(int column, SQLXML xml) throws SQLException {
        delegate.updateSQLXML(column, xml);
    }

    @Override
    public void updateSQLXML(String column, SQLXML xml) throws SQLException {
        delegate.updateSQLXML(column, xml);
    }

    @Override
    public void updateShort(int column, short value) throws SQLException {
        delegate.updateShort(column, value);
    }

    @Override
    public void updateShort(String column, short value) throws SQLException {
        delegate.updateShort(column, value);
    }

    @Override
    public void updateString(int column, String text) throws SQLException {
        delegate.updateString(column, text);
    }

    @Override
    public void updateString(String column, String text) throws SQLException {
        delegate.updateString(column, text);
    }

    @Override
    public void updateTime(int column, Time time) throws SQLException {
        delegate.updateTime(column, time);
    }

    @Override
    public void updateTime(String column, Time time) throws SQLException {
        delegate.updateTime(column, time);
    }

    @Override
    public void updateTimestamp(int column, Timestamp timestamp) throws SQLException {
        delegate.updateTimestamp(column, timestamp);
    }

    @Override
    public void updateTimestamp(String column, Timestamp timestamp) throws SQLException {
        delegate.updateTimestamp(column, timestamp);
    }

    @Override
    public boolean wasNull() throws SQLException {
        return delegate.wasNull();
    }
}
