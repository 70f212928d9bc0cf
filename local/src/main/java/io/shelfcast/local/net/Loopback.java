package io.shelfcast.local.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Ports of 127.0.0.1, which is where all embedded servers listen. */
public final class Loopback {

  /** The address as text. */
  public static final String HOST = "127.0.0.1";

  private static final int CONNECT_MILLIS = 1000;

  private Loopback() {}

  /** The address; the platform's own loopback address may be {@code ::1}. */
  public static InetAddress address() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (IOException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** Whether a server could listen at the port now; 0 is none. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, address())) {
      return port != 0 && socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** A port that nobody listens at now; somebody else may take it before the caller does. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, address())) {
      return socket.getLocalPort();
    }
  }

  /** Whether a server takes connections at the port. */
  public static boolean answersAt(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
