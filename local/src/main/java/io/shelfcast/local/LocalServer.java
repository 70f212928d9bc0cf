package io.shelfcast.local;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shelfcast.serving.AvailabilityReader;
import io.shelfcast.serving.AvailabilityServer;
import io.shelfcast.serving.ReaderSettings;
import io.shelfcast.serving.ServerSettings;

/** The read API in this process: the server, and the reader that it asks. */
final class LocalServer implements AutoCloseable {

  private final AvailabilityReader reader;
  private final AvailabilityServer server;

  private LocalServer(AvailabilityReader reader, AvailabilityServer server) {
    this.reader = reader;
    this.server = server;
  }

  /**
   * Starts one.
   *
   * @throws java.io.UncheckedIOException when it cannot listen there, saying what to do
   */
  static LocalServer start(ServerSettings server, ReaderSettings reads) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    AvailabilityReader reader = AvailabilityReader.open(reads, registry);
    try {
      return new LocalServer(reader, AvailabilityServer.start(server, reader, registry));
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** Where to reach it from this machine. */
  String url() {
    return server.url();
  }

  /** Drains and stops it. Calling it again does nothing. */
  @Override
  public void close() {
    server.close();
    reader.close();
  }
}
