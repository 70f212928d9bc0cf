package io.shelfcast.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema of policies in YAML, for editors and for checks elsewhere. */
public final class PolicySchema {

  private static final String RESOURCE = "policy.schema.json";

  private PolicySchema() {}

  /**
   * The schema, draft 2020-12. It takes all that {@link PolicyYaml} takes, and refuses what that
   * refuses but for what a schema cannot say: names that stand twice, {@code out} above {@code
   * low}, the range of numbers in quotes, aliases.
   */
  public static String text() {
    try (InputStream schema = PolicySchema.class.getResourceAsStream(RESOURCE)) {
      if (schema == null) {
        throw new IllegalStateException("the class path has no " + RESOURCE);
      }
      return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
