package io.shelfcast.store;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Further settings of a client, Kafka's, say, as options give them: {@code NAME=VALUE}, where the
 * value of one that is a secret is a {@link SecretRef}, which is resolved where the client is made.
 */
public final class ClientSettings {

  private static final Set<String> SECRETS = Set.of("sasl.jaas.config", "ssl.keystore.key");

  private ClientSettings() {}

  /**
   * The settings, by name, secrets by reference.
   *
   * @param option the option's name, for messages
   * @throws IllegalArgumentException when one cannot be taken, without its value if it may be a
   *     secret
   */
  public static Map<String, String> parse(String option, List<String> settings) {
    Map<String, String> parsed = new HashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "%s has '%s'; write settings such as security.protocol=SASL_SSL"
                .formatted(option, setting.replaceAll("[:=].*", "…")));
      }
      String name = setting.substring(0, equals).strip();
      String value = setting.substring(equals + 1).strip();
      if (isSecret(name)) {
        checkReference(option, name, value);
      }
      parsed.put(name, value);
    }
    return parsed;
  }

  /** The same with each secret in clear, for the client alone. */
  public static Map<String, @Nullable Object> resolved(Map<String, ?> settings) {
    Map<String, @Nullable Object> resolved = new HashMap<>(settings);
    resolved.replaceAll(
        (name, value) ->
            isSecret(name) && value != null ? SecretRef.parse(value.toString()).resolve() : value);
    return resolved;
  }

  private static void checkReference(String option, String name, String value) {
    try {
      SecretRef.parse(value);
    } catch (IllegalArgumentException e) {
      // Without the value and without the cause, which quotes it.
      throw new IllegalArgumentException(
          "%s gives %s in clear; give it by reference, as %s=env:NAME, file:PATH or"
                  .formatted(option, name, name)
              + " projects/P/secrets/S/versions/V");
    }
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRETS.contains(lower) || lower.endsWith("password") || lower.endsWith("secret");
  }
}
