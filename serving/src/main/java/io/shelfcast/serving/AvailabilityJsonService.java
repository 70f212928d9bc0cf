package io.shelfcast.serving;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/availability:batchGet}: requests and answers as JSON. */
final class AvailabilityJsonService implements HttpService {

  static final String PATH = "/v1/availability:batchGet";

  private static final String PROTOCOL = "http";
  private static final ResponseHeaders OK =
      ResponseHeaders.of(HttpStatus.OK, "content-type", MediaType.JSON_UTF_8);

  private final ReadHandler handler;

  AvailabilityJsonService(ReadHandler handler) {
    this.handler = handler;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    if (request.method() != HttpMethod.POST) {
      handler.refused(PROTOCOL, ServingMetrics.Outcome.INVALID);
      return Problem.of(HttpStatus.METHOD_NOT_ALLOWED, "", "this path takes POST");
    }
    MediaType type = request.contentType();
    if (type != null && !type.isJson()) {
      handler.refused(PROTOCOL, ServingMetrics.Outcome.INVALID);
      return Problem.of(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE, "", "send the request as application/json");
    }
    // Its errors, a body that is too large, say, are the server's error handler's.
    return HttpResponse.of(request.aggregate().thenCompose(whole -> answer(context, whole)));
  }

  private CompletableFuture<HttpResponse> answer(
      ServiceRequestContext context, AggregatedHttpRequest request) {
    CompletableFuture<HttpResponse> response = new CompletableFuture<>();
    handler.handle(
        PROTOCOL,
        System.nanoTime(),
        new ReadHandler.Exchange() {
          @Override
          public ReadRequest request() {
            return RequestJson.parse(request.content().array());
          }

          @Override
          public void answer(ReadAnswer answer) {
            response.complete(HttpResponse.of(OK, json(answer, context.alloc())));
          }

          @Override
          public boolean isGone() {
            return context.isCancelled();
          }

          @Override
          public void fail(Failure failure) {
            response.complete(Problem.of(failure));
          }
        });
    return response;
  }

  /** In pooled memory: a new array for each answer would be half of what a read allocates. */
  private static HttpData json(ReadAnswer answer, ByteBufAllocator memory) {
    ByteBuf bytes = memory.buffer(AnswerJson.bytes(answer));
    try {
      AnswerJson.write(answer, new ByteBufOutputStream(bytes));
      return HttpData.wrap(bytes); // Who has sent it gives the memory back.
    } catch (IOException | RuntimeException e) {
      bytes.release();
      throw new IllegalStateException("writing to memory failed", e);
    }
  }
}
