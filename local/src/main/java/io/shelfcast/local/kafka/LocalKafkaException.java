package io.shelfcast.local.kafka;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The embedded Kafka broker cannot be used; the message says what to do about it. */
public final class LocalKafkaException extends IOException {
  LocalKafkaException(String message) {
    super(message);
  }

  LocalKafkaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
