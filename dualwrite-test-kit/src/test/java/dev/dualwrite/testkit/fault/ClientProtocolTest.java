package dev.dualwrite.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientProtocolTest {

    private static final int PLAIN = 0;
    private static final int TLS = 1 << 11;
    private static final int COMPRESSED = 1 << 5;
    private static final int QUERY_ATTRIBUTES = 1 << 27;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    private ClientProtocolTest packet(int sequence, byte[] payload) {
        sent.write(payload.length);
        sent.write(payload.length >> 8);
        sent.write(payload.length >> 16);
        sent.write(sequence);
        sent.writeBytes(payload);
        return this;
    }

    private ClientProtocolTest greetingAnswered(int flags) {
        return packet(1, new byte[] {
            (byte) flags, (byte) (flags >> 8), (byte) (flags >> 16), (byte) (flags >> 24), 3, 'c', 'o', 'm'
        });
    }

    private static byte[] query(String sql) {
        return ("\u0003" + sql).getBytes(StandardCharsets.UTF_8);
    }

    private List<ClientProtocol.Packet> read(InputStream in) throws IOException {
        ClientProtocol protocol = new ClientProtocol(in, 7);
        List<ClientProtocol.Packet> packets = new ArrayList<>();
        ClientProtocol.Packet packet = protocol.next();
        while (packet != null) {
            packets.add(packet);
            packet = protocol.next();
        }
        return packets;
    }

    private List<Statement> statements() throws IOException {
        return read(new ByteArrayInputStream(sent.toByteArray())).stream()
                .flatMap(packet -> packet.command().stream())
                .toList();
    }

    @Test
    void commandsStartAfterTheHandshake() throws IOException {
        greetingAnswered(PLAIN)
                .packet(3, query("COMMIT"))
                .packet(0, query("SELECT 1"))
                .packet(0, query("COMMIT"));
        assertThat(statements())
                .containsExactly(
                        new Statement(7, Command.QUERY, "SELECT 1"), new Statement(7, Command.QUERY, "COMMIT"));
    }

    @Test
    void whatIsPassedOnIsWhatCame() throws IOException {
        greetingAnswered(PLAIN).packet(0, query("INSERT")).packet(0, new byte[] {0x0e});
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        read(new ByteArrayInputStream(sent.toByteArray())).forEach(packet -> passed.writeBytes(packet.bytes()));
        assertThat(passed.toByteArray()).isEqualTo(sent.toByteArray());
    }

    @Test
    void packetsMayArriveByteByByte() throws IOException {
        greetingAnswered(PLAIN).packet(0, query("COMMIT"));
        InputStream slow = new ByteArrayInputStream(sent.toByteArray()) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(1, length));
            }
        };
        assertThat(read(slow)).hasSize(2);
    }

    @Test
    void theTextFollowsTheNumberOfAttributesWhereThatIsAgreed() throws IOException {
        greetingAnswered(QUERY_ATTRIBUTES).packet(0, new byte[] {3, 0, 1, 'C', 'O', 'M', 'M', 'I', 'T'});
        assertThat(statements()).containsExactly(new Statement(7, Command.QUERY, "COMMIT"));
    }

    @Test
    void theRestOfALongStatementIsNoCommand() throws IOException {
        byte[] first = new byte[0xFFFFFF];
        first[0] = 3;
        // The number would wrap to 0 after 256 such packets; 0 right away shows the same.
        greetingAnswered(PLAIN).packet(0, first).packet(0, query("COMMIT")).packet(0, query("SELECT 1"));
        assertThat(statements()).hasSize(2).last().isEqualTo(new Statement(7, Command.QUERY, "SELECT 1"));
    }

    @Test
    void aConnectionThatBreaksInAPacketEnds() throws IOException {
        greetingAnswered(PLAIN).packet(0, query("COMMIT"));
        byte[] all = sent.toByteArray();
        assertThat(read(new ByteArrayInputStream(all, 0, all.length - 3))).hasSize(1);
    }

    @Test
    void encryptionAndCompressionAreRefusedByName() {
        greetingAnswered(TLS);
        assertThatThrownBy(this::statements).hasMessageContaining("sslMode=DISABLED");
        sent.reset();
        greetingAnswered(COMPRESSED);
        assertThatThrownBy(this::statements).hasMessageContaining("compression");
    }
}
