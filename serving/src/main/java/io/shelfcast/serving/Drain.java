package io.shelfcast.serving;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How a server stops without cutting anybody off. First it says that it is not ready, and closes
 * each connection with the answer to its next request, while it takes new ones from those who have
 * not heard yet; when nobody comes any more, or after a while, it takes no new connections. What is
 * left then are requests that it has, and is answering.
 */
final class Drain implements DecoratingHttpServiceFunction {

  /** For load balancers to hear that this server is not ready. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final Duration QUIET = Duration.ofMillis(300);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private volatile boolean begun;
  private volatile boolean refusing;
  private volatile long lastRequestNanos = System.nanoTime() - QUIET.toNanos();

  @Override
  public HttpResponse serve(HttpService next, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    lastRequestNanos = System.nanoTime();
    if (begun) {
      var unused = context.initiateConnectionShutdown();
    }
    return next.serve(context, request);
  }

  /** A connection is made. */
  void connected(ChannelPipeline pipeline) {
    if (refusing) {
      var unused = pipeline.channel().close();
    }
  }

  boolean hasBegun() {
    return begun;
  }

  /** Waits until nobody comes any more, or for a while. */
  void await() {
    begun = true;
    long end = System.nanoTime() + GRACE.toNanos();
    while (System.nanoTime() - lastRequestNanos < QUIET.toNanos() && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    refusing = true;
  }
}
