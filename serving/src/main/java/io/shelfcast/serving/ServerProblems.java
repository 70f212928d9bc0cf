package io.shelfcast.serving;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/** What the server itself refuses, told the same way as what we do. */
final class ServerProblems implements ServerErrorHandler {

  private final int maxRequestBytes;

  ServerProblems(int maxRequestBytes) {
    this.maxRequestBytes = maxRequestBytes;
  }

  @Override
  public @Nullable HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
    if (cause instanceof ContentTooLargeException) {
      return Problem.of(
          HttpStatus.REQUEST_ENTITY_TOO_LARGE,
          "",
          detail(HttpStatus.REQUEST_ENTITY_TOO_LARGE, null));
    }
    if (cause instanceof RequestTimeoutException) {
      return Problem.of(Failure.TIMEOUT);
    }
    if (cause instanceof HttpStatusException refused) {
      return Problem.of(refused.httpStatus(), "", detail(refused.httpStatus(), null));
    }
    return null; // The connection is gone, say; the server's own handler knows.
  }

  @Override
  public @Nullable AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext context,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return Problem.of(status, "", detail(status, description)).aggregate().join();
  }

  private String detail(HttpStatus status, @Nullable String description) {
    if (status.equals(HttpStatus.NOT_FOUND)) {
      return "there is nothing here; the API is POST %s, and /openapi.json describes it"
          .formatted(AvailabilityJsonService.PATH);
    }
    if (status.equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)) {
      return "the body is larger than %,d bytes; ask for fewer items".formatted(maxRequestBytes);
    }
    return description == null ? status.reasonPhrase() : description;
  }
}
