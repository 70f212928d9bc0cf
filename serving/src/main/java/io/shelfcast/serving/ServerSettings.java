package io.shelfcast.serving;

import java.time.Duration;

/**
 * What an {@link AvailabilityServer} needs to know.
 *
 * @param host the address to listen at; 0.0.0.0: at all of this machine
 * @param port the port; 0: a free one
 * @param connections how many requests are answered at a time, each with a connection
 * @param maxWaiting how many more may wait for that; the next one is turned away
 * @param requestTimeout how long one may wait, and then how long the database may take
 */
public record ServerSettings(
    String host, int port, int connections, int maxWaiting, Duration requestTimeout) {

  public static final String HOST = "0.0.0.0";
  public static final int PORT = 8080;
  public static final int CONNECTIONS = 8;
  public static final int MAX_WAITING = 256;
  public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);

  private static final Duration LONGEST = Duration.ofMinutes(1);

  public ServerSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "--port is %d; write one from 0, for a free one, to 65535".formatted(port));
    }
    checkPositive("--connections", connections, CONNECTIONS);
    checkPositive("--maxWaiting", maxWaiting, MAX_WAITING);
    if (requestTimeout.toMillis() < 1 || requestTimeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "--requestTimeout is %s; write how long a caller waits, such as %s, at most %s"
              .formatted(requestTimeout, REQUEST_TIMEOUT, LONGEST));
    }
  }

  private static void checkPositive(String option, int value, int example) {
    if (value < 1 || value > 100_000) {
      throw new IllegalArgumentException(
          "%s is %d; write a number from 1, such as %d".formatted(option, value, example));
    }
  }
}
