package io.shelfcast.serving;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connection between a server and its database, which can be cut: what went over it then breaks
 * off, and nobody listens at its end until it is mended.
 */
final class Cable implements AutoCloseable {

  private final int port;
  private final int target;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private ServerSocket listener;

  Cable(int target) throws IOException {
    this.target = target;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
    accept(listener);
  }

  int port() {
    return port;
  }

  void cut() throws IOException {
    listener.close();
    for (Closeable socket : open) {
      socket.close();
    }
    open.clear();
  }

  void mend() throws IOException {
    listener = listen(port);
    accept(listener);
  }

  @Override
  public void close() throws IOException {
    cut();
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private void accept(ServerSocket at) {
    start(
        () -> {
          while (!at.isClosed()) {
            Socket client = at.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(client);
            open.add(server);
            start(() -> copy(client, server));
            start(() -> copy(server, client));
          }
        });
  }

  private static void copy(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // Cut, which is what it is for; the ends notice by themselves.
              }
            },
            "cable");
    thread.setDaemon(true);
    thread.start();
  }
}
