package io.shelfcast.local;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A part of the stack that a command runs itself; nothing, where the user has named one.
 *
 * @param part the part, or null
 */
record EmbeddedPart(@Nullable AutoCloseable part) implements AutoCloseable {

  static EmbeddedPart of(@Nullable AutoCloseable part) {
    return new EmbeddedPart(part);
  }

  @Override
  public void close() throws IOException {
    if (part != null) {
      try {
        part.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
