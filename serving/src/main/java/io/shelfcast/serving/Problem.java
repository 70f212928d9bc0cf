package io.shelfcast.serving;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.shelfcast.quality.JsonText;
import java.nio.charset.StandardCharsets;

/** Failures as HTTP tells them: problem details as of RFC 9457. */
final class Problem {

  private static final MediaType PROBLEM_JSON = MediaType.parse("application/problem+json");

  private Problem() {}

  static HttpResponse of(Failure failure) {
    return of(status(failure.kind()), failure.pointer(), failure.detail());
  }

  /**
   * A response.
   *
   * @param pointer the JSON pointer of the field at fault; empty: none in particular
   */
  static HttpResponse of(HttpStatus status, String pointer, String detail) {
    ResponseHeadersBuilder headers = ResponseHeaders.builder(status).contentType(PROBLEM_JSON);
    if (status.equals(HttpStatus.TOO_MANY_REQUESTS)
        || status.equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      headers.set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    if (status.equals(HttpStatus.METHOD_NOT_ALLOWED)) {
      headers.set(HttpHeaderNames.ALLOW, "POST");
    }
    return HttpResponse.of(headers.build(), body(status, pointer, detail));
  }

  private static HttpData body(HttpStatus status, String pointer, String detail) {
    String text =
        JsonText.of(
            256,
            json -> {
              json.writeStartObject();
              // The status says what kind of problem it is, as RFC 9457 has it for this type.
              json.writeStringField("type", "about:blank");
              json.writeStringField("title", status.reasonPhrase());
              json.writeNumberField("status", status.code());
              json.writeStringField("detail", detail);
              if (!pointer.isEmpty()) {
                json.writeArrayFieldStart("errors");
                json.writeStartObject();
                json.writeStringField("pointer", "#" + pointer);
                json.writeStringField("detail", detail);
                json.writeEndObject();
                json.writeEndArray();
              }
              json.writeEndObject();
            });
    return HttpData.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static HttpStatus status(Failure.Kind kind) {
    return switch (kind) {
      case INVALID -> HttpStatus.BAD_REQUEST;
      case OVERLOADED -> HttpStatus.TOO_MANY_REQUESTS;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
      case TIMEOUT -> HttpStatus.GATEWAY_TIMEOUT;
      case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
