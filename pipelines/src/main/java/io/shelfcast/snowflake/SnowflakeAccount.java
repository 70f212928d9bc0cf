package io.shelfcast.snowflake;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * An account of Snowflake and how to log in to it. Holds no secret.
 *
 * @param url of the account, as {@link #checkedUrl} has it
 * @param database the one that names are looked up in
 * @param schema the one that names are looked up in
 * @param warehouse what computes; null: the user's own
 * @param role what to work as; null: the user's own
 * @param user who logs in; null: whoever the token is for
 * @param login how
 */
record SnowflakeAccount(
    URI url,
    String database,
    String schema,
    @Nullable String warehouse,
    @Nullable String role,
    @Nullable String user,
    SnowflakeLogin login)
    implements Serializable {

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(60);

  /**
   * Of one request with its retries; a statement that takes longer is asked for again and again.
   */
  private static final Duration NETWORK_TIMEOUT = Duration.ofMinutes(5);

  /** Of one statement: an unload of a billion rows by a small warehouse takes less. */
  private static final Duration STATEMENT_TIMEOUT = Duration.ofHours(2);

  /**
   * The account's URL, checked.
   *
   * @throws IllegalArgumentException when it is not one, or would send the login unencrypted
   */
  static URI checkedUrl(String text) {
    String wanted = "; write https://ORG-ACCOUNT.snowflakecomputing.com";
    if (text.contains("@") || text.contains("?")) {
      // Not repeated: it may have a password in it.
      throw new IllegalArgumentException("--snowflakeUrl has more than the account" + wanted);
    }
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--snowflakeUrl is '%s'%s".formatted(text, wanted), e);
    }
    boolean hasPath = url.getRawPath() != null && !url.getRawPath().matches("/?");
    if (url.getHost() == null || hasPath) {
      throw new IllegalArgumentException(
          "--snowflakeUrl is '%s'%s%s"
              .formatted(text, wanted, text.contains("_") ? ", with - in place of _" : ""));
    }
    boolean encrypted = "https".equals(url.getScheme());
    if (!encrypted && !("http".equals(url.getScheme()) && isLoopback(url))) {
      throw new IllegalArgumentException(
          "--snowflakeUrl is '%s'; it has to begin with https:// (http:// only to 127.0.0.1)"
              .formatted(text));
    }
    return url;
  }

  /** The account's name, as the ledger has it. */
  String name() {
    return isLoopback(url) ? url.getHost() : url.getHost().replaceFirst("[.].*", "");
  }

  String jdbcUrl() {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return "jdbc:snowflake://%s%s%s/"
        .formatted("http".equals(url.getScheme()) ? "http://" : "", url.getHost(), port);
  }

  /** What the driver wants to know, with the secrets, which are looked up now. */
  Properties properties() {
    Properties properties = new Properties();
    if (isLoopback(url)) {
      properties.put("account", "local");
    }
    properties.put("db", database);
    properties.put("schema", schema);
    putIfGiven(properties, "warehouse", warehouse);
    putIfGiven(properties, "role", role);
    putIfGiven(properties, "user", user);
    login.addTo(properties);
    properties.put("loginTimeout", String.valueOf(LOGIN_TIMEOUT.toSeconds()));
    properties.put("networkTimeout", String.valueOf(NETWORK_TIMEOUT.toMillis()));
    properties.put("queryTimeout", String.valueOf(STATEMENT_TIMEOUT.toSeconds()));
    // For Snowflake: a worker that is gone cannot cancel its unload.
    properties.put("STATEMENT_TIMEOUT_IN_SECONDS", String.valueOf(STATEMENT_TIMEOUT.toSeconds()));
    // It would ask the metadata addresses of three clouds, and wait for them.
    properties.put("disablePlatformDetection", "true");
    // Results as Arrow want --add-opens of every JVM; ours have a row or none.
    properties.put("JDBC_QUERY_RESULT_FORMAT", "JSON");
    properties.put("CLIENT_TELEMETRY_ENABLED", "false");
    // What a time without zone means, by the contract.
    properties.put("TIMEZONE", "UTC");
    return properties;
  }

  private static void putIfGiven(Properties properties, String name, @Nullable String value) {
    if (value != null) {
      properties.put(name, value);
    }
  }

  private static boolean isLoopback(URI url) {
    return url.getHost().equals("127.0.0.1") || url.getHost().equals("localhost");
  }
}
