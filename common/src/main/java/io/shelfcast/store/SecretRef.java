package io.shelfcast.store;

import com.google.cloud.secretmanager.v1.SecretManagerServiceClient;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a secret is, never the secret itself, so that it can stand in options, job graphs and logs.
 * It is looked up where and when it is used.
 */
public final class SecretRef implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Pattern SECRET_MANAGER =
      Pattern.compile("projects/[^/]+/secrets/[^/]+/versions/[^/]+");

  private final String reference;

  private SecretRef(String reference) {
    this.reference = reference;
  }

  /**
   * Takes {@code env:NAME}, {@code file:PATH} or {@code projects/P/secrets/S/versions/V}.
   *
   * @throws IllegalArgumentException for anything else; the message does not repeat the text, which
   *     may well be a secret
   */
  public static SecretRef parse(String reference) {
    if (reference.matches("env:.+")
        || reference.matches("file:.+")
        || SECRET_MANAGER.matcher(reference).matches()) {
      return new SecretRef(reference);
    }
    throw new IllegalArgumentException(
        "a secret is given by reference: env:NAME, file:PATH or projects/P/secrets/S/versions/V");
  }

  /**
   * Looks the secret up.
   *
   * @throws IllegalStateException when it is not there; names the reference only
   */
  public String resolve() {
    if (reference.startsWith("env:")) {
      @Nullable String value = System.getenv(reference.substring("env:".length()));
      if (value == null) {
        throw new IllegalStateException(
            "the environment variable of the secret " + reference + " is not set");
      }
      return value;
    }
    if (reference.startsWith("file:")) {
      try {
        return Files.readString(Path.of(reference.substring("file:".length()))).stripTrailing();
      } catch (IOException e) {
        throw new IllegalStateException("cannot read the file of the secret " + reference, e);
      }
    }
    try (SecretManagerServiceClient client = SecretManagerServiceClient.create()) {
      return client.accessSecretVersion(reference).getPayload().getData().toStringUtf8();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the secret " + reference, e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SecretRef that && reference.equals(that.reference);
  }

  @Override
  public int hashCode() {
    return reference.hashCode();
  }

  @Override
  public String toString() {
    return reference;
  }
}
