package dev.dualwrite.testkit.fault;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client sends, packet by packet, and knows which packets are commands.
 *
 * <p>A packet is three bytes of length, low byte first, one sequence number, and the payload. The server speaks first,
 * so the client's first packet is its answer to the greeting and says by flags how the rest is to be read. From then
 * on a command starts with sequence number 0; further packets of an exchange count on, and a payload of the greatest
 * length is continued in the next packet.
 *
 * <p>For one thread, the one that reads from the client.
 */
final class ClientProtocol {

    private static final int HEADER = 4;
    private static final int GREATEST_LENGTH = 0xFFFFFF;
    private static final long COMPRESSED = 1L << 5;
    private static final long ENCRYPTED = 1L << 11;
    private static final long QUERY_ATTRIBUTES = 1L << 27;
    private static final long ZSTD_COMPRESSED = 1L << 26;

    private final DataInputStream in;
    private final int connection;
    private boolean greeted;
    private boolean queryAttributes;
    private boolean continued;

    ClientProtocol(InputStream in, int connection) {
        this.in = new DataInputStream(in);
        this.connection = connection;
    }

    /**
     * The next packet, or null at the end of the stream.
     *
     * @throws UnreadableException if the client has agreed on encryption or compression with the server
     */
    @Nullable Packet next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length;
        byte[] bytes;
        try {
            length = first | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
            bytes = new byte[HEADER + length];
            bytes[0] = (byte) first;
            bytes[1] = (byte) (length >> 8);
            bytes[2] = (byte) (length >> 16);
            in.readFully(bytes, HEADER - 1, length + 1);
        } catch (EOFException halfAPacket) {
            return null;
        }
        boolean starts = bytes[HEADER - 1] == 0 && !continued;
        continued = length == GREATEST_LENGTH;
        if (!greeted) {
            greeted = true;
            readFlags(bytes);
            return new Packet(bytes, Optional.empty());
        }
        return new Packet(bytes, starts && length > 0 ? Optional.of(command(bytes)) : Optional.empty());
    }

    private void readFlags(byte[] bytes) throws UnreadableException {
        long flags = 0;
        for (int i = 0; i < 4 && HEADER + i < bytes.length; i++) {
            flags |= (bytes[HEADER + i] & 0xFFL) << (8 * i);
        }
        if ((flags & ENCRYPTED) != 0) {
            throw new UnreadableException("the client wants TLS; connect with sslMode=DISABLED");
        }
        if ((flags & (COMPRESSED | ZSTD_COMPRESSED)) != 0) {
            throw new UnreadableException("the client wants compression; connect without useCompression");
        }
        queryAttributes = (flags & QUERY_ATTRIBUTES) != 0;
    }

    private Statement command(byte[] bytes) {
        Command command = Command.of(bytes[HEADER] & 0xFF);
        if (!command.hasText()) {
            return new Statement(connection, command, "");
        }
        int start = HEADER + 1;
        // Number of attributes and number of their sets stand before the text. The driver sends none unless it is
        // told to; where there are some, they stay part of what is taken for the text.
        if (command == Command.QUERY && queryAttributes && bytes.length >= start + 2 && bytes[start] == 0) {
            start += 2;
        }
        String text = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
        return new Statement(connection, command, text);
    }

    /**
     * A packet as it came.
     *
     * @param bytes all of it, to be passed on
     * @param command what it asks for, if it starts a command
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed from one read to one write, never compared.
    record Packet(byte[] bytes, Optional<Statement> command) {}

    /** The stream cannot be read from here on. */
    static final class UnreadableException extends IOException {
        @java.io.Serial
        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }
}
