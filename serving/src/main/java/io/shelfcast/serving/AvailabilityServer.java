package io.shelfcast.serving;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcHealthCheckService;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.healthcheck.SettableHealthChecker;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The read API over an {@link AvailabilityReader}: HTTP/JSON and gRPC on one port, health, metrics.
 * Closing it drains: it is not ready any more, and goes on answering for a short while.
 */
public final class AvailabilityServer implements AutoCloseable {

  /** Of 1,000 items with the longest ids, indented, and then some. */
  private static final int MAX_REQUEST_BYTES = 256 << 10;

  /** What a request may take beside the wait and the read: for those that come in slowly. */
  private static final Duration TRANSFER = Duration.ofSeconds(5);

  /** No request, and none being answered, for so long: the last one was the last. */
  private static final Duration QUIET = Duration.ofMillis(100);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  private static final int MAX_CONNECTIONS = 10_000;
  private static final int MAX_STREAMS_PER_CONNECTION = 1_000;

  /** Beyond what load balancers keep theirs for, 60 s mostly: they should be the ones to close. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(90);

  private static final Duration HEALTH_EVERY = Duration.ofSeconds(1);

  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Server server;
  private final ReadQueue queue;
  private final JvmGcMetrics garbage;
  private final Drain drain = new Drain();
  private final SettableHealthChecker health = new SettableHealthChecker(false);
  private final ScheduledExecutorService healthThread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("shelfcast-health"));

  private AvailabilityServer(
      ServerSettings settings, AvailabilityReader reader, PrometheusMeterRegistry registry) {
    this.queue =
        new ReadQueue(settings.connections(), settings.maxWaiting(), settings.requestTimeout());
    ReadHandler handler = new ReadHandler(reader, queue, new ServingMetrics(registry));
    this.garbage = gauges(queue, reader, registry);
    String openApi = openApi();
    this.server =
        Server.builder()
            .http(new InetSocketAddress(settings.host(), settings.port()))
            .maxRequestLength(MAX_REQUEST_BYTES)
            .requestTimeout(settings.requestTimeout().multipliedBy(2).plus(TRANSFER))
            .maxNumConnections(MAX_CONNECTIONS)
            .http2MaxStreamsPerConnection(MAX_STREAMS_PER_CONNECTION)
            .idleTimeout(IDLE_TIMEOUT)
            .gracefulShutdownTimeout(QUIET, STOP_PATIENCE)
            .decorator(drain)
            .childChannelPipelineCustomizer(drain::connected)
            .errorHandler(new ServerProblems(MAX_REQUEST_BYTES))
            .service("exact:" + AvailabilityJsonService.PATH, new AvailabilityJsonService(handler))
            .service(
                GrpcService.builder()
                    .addService(new AvailabilityGrpcService(handler))
                    .addService(ProtoReflectionServiceV1.newInstance())
                    .maxRequestMessageLength(MAX_REQUEST_BYTES)
                    .addService(GrpcHealthCheckService.of(health))
                    .build())
            .service("/health/live", (context, request) -> json("{\"status\":\"live\"}"))
            .service("/health/ready", (context, request) -> later(context, () -> ready(reader)))
            .service(
                "/metrics",
                (context, request) ->
                    later(
                        context,
                        () ->
                            HttpResponse.of(
                                HttpStatus.OK,
                                MediaType.parse(PROMETHEUS_TEXT),
                                registry.scrape())))
            .service("/openapi.json", (context, request) -> json(openApi))
            .build();
  }

  /**
   * Starts a server. It answers health checks at once, and requests as soon as the reader can.
   *
   * @param reader who answers; stays the caller's to close, after the server
   * @param registry what is measured goes there, the reader's measures too if it was given the same
   * @throws UncheckedIOException when it cannot listen there
   */
  public static AvailabilityServer start(
      ServerSettings settings, AvailabilityReader reader, PrometheusMeterRegistry registry) {
    AvailabilityServer server = new AvailabilityServer(settings, reader, registry);
    try {
      server.server.start().join();
      var unused =
          server.healthThread.scheduleWithFixedDelay(
              () -> server.checkHealth(reader), 0, HEALTH_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      return server;
    } catch (CompletionException e) {
      server.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new UncheckedIOException(
          new IOException(
              "cannot listen at %s:%d (%s); choose another --port, or 0 for a free one"
                  .formatted(settings.host(), settings.port(), cause.getMessage()),
              e));
    }
  }

  /** The port it listens at. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Where to reach it from this machine. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Drains and stops: what has been sent is answered. */
  @Override
  public void close() {
    healthThread.shutdownNow();
    health.setHealthy(false);
    drain.await();
    server.stop().join();
    queue.close();
    garbage.close();
  }

  private HttpResponse ready(AvailabilityReader reader) {
    String why = whyNotReady(reader);
    return why == null
        ? json("{\"status\":\"ready\"}")
        : Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "", why);
  }

  private @Nullable String whyNotReady(AvailabilityReader reader) {
    if (drain.hasBegun()) {
      return "the server is stopping";
    }
    try {
      reader.check();
      return null;
    } catch (RuntimeException | Error e) {
      return Failure.of(e).detail();
    }
  }

  /** For those who ask by gRPC, who are told of changes too. */
  private void checkHealth(AvailabilityReader reader) {
    health.setHealthy(whyNotReady(reader) == null);
  }

  private static HttpResponse later(ServiceRequestContext context, Supplier<HttpResponse> work) {
    return HttpResponse.of(CompletableFuture.supplyAsync(work, context.blockingTaskExecutor()));
  }

  private static HttpResponse json(String text) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, HttpData.ofUtf8(text));
  }

  @SuppressWarnings("resource") // The one that holds a resource is closed with the server.
  private static JvmGcMetrics gauges(
      ReadQueue queue, AvailabilityReader reader, PrometheusMeterRegistry registry) {
    Gauge.builder("shelfcast.requests.active", queue, ReadQueue::busy)
        .description("Requests that are being answered.")
        .register(registry);
    Gauge.builder("shelfcast.requests.waiting", queue, ReadQueue::waiting)
        .description("Requests that wait for a thread and its connection.")
        .register(registry);
    Gauge.builder("shelfcast.refresh.items.waiting", reader, AvailabilityReader::queuedRefreshItems)
        .description("Stale items that wait to be asked to be refreshed.")
        .register(registry);
    Gauge.builder("shelfcast.config.age.seconds", reader, AvailabilityReader::configAgeSeconds)
        .description("Time since models, policies and the experiment were last looked up.")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    JvmGcMetrics garbage = new JvmGcMetrics();
    garbage.bindTo(registry);
    return garbage;
  }

  private static String openApi() {
    try (InputStream file = AvailabilityServer.class.getResourceAsStream("openapi.json")) {
      if (file == null) {
        throw new IllegalStateException("openapi.json is not on the class path");
      }
      return new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
