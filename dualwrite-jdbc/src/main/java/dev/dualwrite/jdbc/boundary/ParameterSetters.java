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
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;

/** Every setter of a prepared statement, as something that can be done again; mechanical. */
abstract class ParameterSetters extends BoundaryStatement implements PreparedStatement {

    ParameterSetters(BoundaryConnection connection, Maker maker, int concurrency) {
        super(connection, maker, concurrency);
    }

    /**
     * Keeps one parameter.
     *
     * @param raw what a server can be told to compare with, or a word of {@link Slot} if that is not known
     */
    abstract void keep(int index, Object raw, Slot.Setter setter) throws SQLException;

    @Override
    public void setArray(int index, Array value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setArray(at, value));
    }

    @Override
    public void setAsciiStream(int index, InputStream value) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setAsciiStream(at, value));
    }

    @Override
    public void setAsciiStream(int index, InputStream value, int length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setAsciiStream(at, value, length));
    }

    @Override
    public void setAsciiStream(int index, InputStream value, long length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setAsciiStream(at, value, length));
    }

    @Override
    public void setBigDecimal(int index, BigDecimal value) throws SQLException {
        keep(index, Slot.raw(value), (statement, at) -> statement.setBigDecimal(at, value));
    }

    @Override
    public void setBinaryStream(int index, InputStream value) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setBinaryStream(at, value));
    }

    @Override
    public void setBinaryStream(int index, InputStream value, int length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setBinaryStream(at, value, length));
    }

    @Override
    public void setBinaryStream(int index, InputStream value, long length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setBinaryStream(at, value, length));
    }

    @Override
    public void setBlob(int index, InputStream value) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setBlob(at, value));
    }

    @Override
    public void setBlob(int index, Blob value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setBlob(at, value));
    }

    @Override
    public void setBlob(int index, InputStream value, long length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setBlob(at, value, length));
    }

    @Override
    public void setBoolean(int index, boolean value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setBoolean(at, value));
    }

    @Override
    public void setByte(int index, byte value) throws SQLException {
        keep(index, (long) value, (statement, at) -> statement.setByte(at, value));
    }

    @Override
    public void setBytes(int index, byte[] value) throws SQLException {
        keep(index, Slot.raw(value), (statement, at) -> statement.setBytes(at, value));
    }

    @Override
    public void setCharacterStream(int index, Reader value) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setCharacterStream(at, value));
    }

    @Override
    public void setCharacterStream(int index, Reader value, int length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setCharacterStream(at, value, length));
    }

    @Override
    public void setCharacterStream(int index, Reader value, long length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setCharacterStream(at, value, length));
    }

    @Override
    public void setClob(int index, Reader value) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setClob(at, value));
    }

    @Override
    public void setClob(int index, Clob value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setClob(at, value));
    }

    @Override
    public void setClob(int index, Reader value, long length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setClob(at, value, length));
    }

    @Override
    public void setDate(int index, Date value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setDate(at, value));
    }

    @Override
    public void setDate(int index, Date value, Calendar calendar) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setDate(at, value, calendar));
    }

    @Override
    public void setDouble(int index, double value) throws SQLException {
        keep(index, Slot.FLOATING, (statement, at) -> statement.setDouble(at, value));
    }

    @Override
    public void setFloat(int index, float value) throws SQLException {
        keep(index, Slot.FLOATING, (statement, at) -> statement.setFloat(at, value));
    }

    @Override
    public void setInt(int index, int value) throws SQLException {
        keep(index, (long) value, (statement, at) -> statement.setInt(at, value));
    }

    @Override
    public void setLong(int index, long value) throws SQLException {
        keep(index, value, (statement, at) -> statement.setLong(at, value));
    }

    @Override
    public void setNCharacterStream(int index, Reader value) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setNCharacterStream(at, value));
    }

    @Override
    public void setNCharacterStream(int index, Reader value, long length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setNCharacterStream(at, value, length));
    }

    @Override
    public void setNClob(int index, Reader value) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setNClob(at, value));
    }

    @Override
    public void setNClob(int index, NClob value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setNClob(at, value));
    }

    @Override
    public void setNClob(int index, Reader value, long length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setNClob(at, value, length));
    }

    @Override
    public void setNString(int index, String value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setNString(at, value));
    }

    @Override
    public void setNull(int index, int sqlType) throws SQLException {
        keep(index, Slot.NULL, (statement, at) -> statement.setNull(at, sqlType));
    }

    @Override
    public void setNull(int index, int sqlType, String typeName) throws SQLException {
        keep(index, Slot.NULL, (statement, at) -> statement.setNull(at, sqlType, typeName));
    }

    @Override
    public void setObject(int index, Object value) throws SQLException {
        keep(index, Slot.raw(value), (statement, at) -> statement.setObject(at, value));
    }

    @Override
    public void setObject(int index, Object value, int sqlType) throws SQLException {
        keep(index, Slot.raw(value, sqlType), (statement, at) -> statement.setObject(at, value, sqlType));
    }

    @Override
    public void setObject(int index, Object value, SQLType type) throws SQLException {
        keep(index, Slot.raw(value, type), (statement, at) -> statement.setObject(at, value, type));
    }

    @Override
    public void setObject(int index, Object value, int sqlType, int scale) throws SQLException {
        keep(index, Slot.raw(value, sqlType), (statement, at) -> statement.setObject(at, value, sqlType, scale));
    }

    @Override
    public void setObject(int index, Object value, SQLType type, int scale) throws SQLException {
        keep(index, Slot.raw(value, type), (statement, at) -> statement.setObject(at, value, type, scale));
    }

    @Override
    public void setRef(int index, Ref value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setRef(at, value));
    }

    @Override
    public void setRowId(int index, RowId value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setRowId(at, value));
    }

    @Override
    public void setSQLXML(int index, SQLXML value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setSQLXML(at, value));
    }

    @Override
    public void setShort(int index, short value) throws SQLException {
        keep(index, (long) value, (statement, at) -> statement.setShort(at, value));
    }

    @Override
    public void setString(int index, String value) throws SQLException {
        keep(index, Slot.raw(value), (statement, at) -> statement.setString(at, value));
    }

    @Override
    public void setTime(int index, Time value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setTime(at, value));
    }

    @Override
    public void setTime(int index, Time value, Calendar calendar) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setTime(at, value, calendar));
    }

    @Override
    public void setTimestamp(int index, Timestamp value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setTimestamp(at, value));
    }

    @Override
    public void setTimestamp(int index, Timestamp value, Calendar calendar) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setTimestamp(at, value, calendar));
    }

    @Override
    public void setURL(int index, URL value) throws SQLException {
        keep(index, Slot.UNKNOWN, (statement, at) -> statement.setURL(at, value));
    }

    @Override
    @SuppressWarnings("deprecation")
    public void setUnicodeStream(int index, InputStream value, int length) throws SQLException {
        keep(index, Slot.STREAM, (statement, at) -> statement.setUnicodeStream(at, value, length));
    }
}
