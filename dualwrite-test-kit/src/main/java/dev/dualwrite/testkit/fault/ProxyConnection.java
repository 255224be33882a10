package dev.dualwrite.testkit.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's way through a proxy: a thread for each direction. The client's end is passed on to the server, which
 * then ends the connection in its own time; any other end closes both sides at once.
 */
final class ProxyConnection {

    private static final Logger LOG = LoggerFactory.getLogger(TcpProxy.class);
    private static final int CONNECT_MILLIS = 5_000;
    private static final int BUFFER = 16 * 1024;

    private final int number;
    private final TcpProxy proxy;
    private final Socket client;
    private final Socket server = new Socket();
    private final Thread up;
    private final Thread down;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<@Nullable Cut> cutOnAnswer = new AtomicReference<>();
    private volatile boolean broken;

    ProxyConnection(int number, TcpProxy proxy, Socket client) {
        this.number = number;
        this.proxy = proxy;
        this.client = client;
        up = proxy.thread("c" + number + "-up", this::up);
        down = proxy.thread("c" + number + "-down", this::down);
    }

    void start() {
        up.start();
    }

    /** True if bytes of this connection were swallowed, so that nothing sensible can follow. */
    boolean broken() {
        return broken;
    }

    /** Closes both sides and wakes what waits. Closing twice is closing once. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            closeQuietly(client);
            closeQuietly(server);
            up.interrupt();
            down.interrupt();
            proxy.forget(this);
        }
    }

    List<Thread> threads() {
        return List.of(up, down);
    }

    private void up() {
        boolean clientLeft = false;
        try {
            InputStream fromClient = client.getInputStream();
            if (proxy.traffic().fromClient() == Traffic.Verdict.SWALLOW) {
                swallow(fromClient);
            }
            server.connect(proxy.upstream(), CONNECT_MILLIS);
            server.setTcpNoDelay(true);
            down.start();
            clientLeft = forward(new ClientProtocol(fromClient, number), server.getOutputStream());
        } catch (ClientProtocol.UnreadableException unreadable) {
            LOG.error("Connection {} through {} is closed: {}", number, proxy, unreadable.getMessage());
        } catch (IOException gone) {
            LOG.debug("Connection {} through {} ended: {}", number, proxy, gone.getMessage());
        } catch (InterruptedException cut) {
            LOG.debug("Connection {} through {} was cut", number, proxy);
        } finally {
            if (!clientLeft) {
                close();
            }
        }
    }

    /** True if the client ended the connection, false if the proxy has. */
    private boolean forward(ClientProtocol protocol, OutputStream toServer) throws IOException, InterruptedException {
        ClientProtocol.Packet packet = protocol.next();
        while (packet != null) {
            if (packet.command().isPresent() && !pass(packet.command().get())) {
                return false;
            }
            if (proxy.traffic().fromClient() == Traffic.Verdict.SWALLOW) {
                broken = true;
            } else if (!broken) {
                proxy.traffic().pace(Traffic.Way.UP, packet.bytes().length);
                toServer.write(packet.bytes());
            }
            packet = protocol.next();
        }
        server.shutdownOutput();
        return true;
    }

    /** Applies the rules to a command; false if the connection ends before it. */
    private boolean pass(Statement statement) throws InterruptedException {
        proxy.record(statement);
        Rule rule = proxy.ruleFor(statement);
        if (rule instanceof Hold hold) {
            hold.hold();
        } else if (rule instanceof Cut cut && cut.moment() == Moment.AFTER) {
            cutOnAnswer.set(cut);
        } else if (rule instanceof Cut cut) {
            close();
            cut.hit();
            return false;
        }
        return true;
    }

    private void down() {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream fromServer = server.getInputStream();
            OutputStream toClient = client.getOutputStream();
            int length = fromServer.read(buffer);
            while (length >= 0) {
                // The client asks one thing at a time, so the first bytes after a statement are its answer.
                Cut cut = cutOnAnswer.get();
                if (cut != null) {
                    close();
                    cut.hit();
                    return;
                }
                if (proxy.traffic().fromServer() == Traffic.Verdict.SWALLOW) {
                    broken = true;
                } else if (!broken) {
                    proxy.traffic().pace(Traffic.Way.DOWN, length);
                    toClient.write(buffer, 0, length);
                }
                length = fromServer.read(buffer);
            }
        } catch (IOException gone) {
            LOG.debug("Connection {} through {} ended: {}", number, proxy, gone.getMessage());
        } catch (InterruptedException cut) {
            LOG.debug("Connection {} through {} was cut", number, proxy);
        } finally {
            close();
        }
    }

    private void swallow(InputStream fromClient) throws IOException {
        broken = true;
        byte[] buffer = new byte[BUFFER];
        int length = 0;
        while (length >= 0) {
            length = fromClient.read(buffer);
        }
        throw new IOException("the client gave up on a black hole");
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException already) {
            LOG.debug("Closing a socket: {}", already.getMessage());
        }
    }

    static void refuse(Socket socket) {
        try {
            // With nothing to linger for, closing is a reset.
            socket.setSoLinger(true, 0);
        } catch (IOException gone) {
            LOG.debug("Refusing a connection: {}", gone.getMessage());
        } finally {
            closeQuietly(socket);
        }
    }
}
