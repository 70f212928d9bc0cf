package io.shelfcast.serving;

import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.store.ClientSettings;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.SecretRef;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a server, for whichever command starts it. */
public final class ServeArguments {

  private static final int CONFIG_CONNECTIONS = 2;
  private static final Duration CONFIG_TIMEOUT = Duration.ofSeconds(10);

  /** In place of what is not known yet, where options are only looked at. */
  private static final DatabaseConfig SOME_DATABASE =
      new DatabaseConfig("jdbc:postgresql://any/any", null, null, 1, CONFIG_TIMEOUT);

  private static final String SOME_BROKERS = "any:9092";

  @Option(
      names = "--jdbcUrl",
      paramLabel = "URL",
      description = "Serving database, jdbc:postgresql://HOST:PORT/DATABASE.")
  private @Nullable String jdbcUrl;

  @Option(
      names = "--readJdbcUrl",
      paramLabel = "URL",
      description = "Where scores are read: a replica, say. Default: the serving database.")
  private @Nullable String readJdbcUrl;

  @Option(names = "--jdbcUser", paramLabel = "ROLE", description = "Role to log in as, to both.")
  private @Nullable String jdbcUser;

  @Option(
      names = "--jdbcPassword",
      paramLabel = "REF",
      description =
          "Where the password is: env:NAME, file:PATH or projects/P/secrets/S/versions/V.")
  private @Nullable String jdbcPassword;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen at (" + ServerSettings.HOST + ": all of this machine).")
  private String host = ServerSettings.HOST;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen at (" + ServerSettings.PORT + "); 0: a free one.")
  private int port = ServerSettings.PORT;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description =
          "Connections to read with, and so requests that are answered at a time ("
              + ServerSettings.CONNECTIONS
              + ").")
  private int connections = ServerSettings.CONNECTIONS;

  @Option(
      names = "--maxWaiting",
      paramLabel = "N",
      description =
          "Requests that may wait for a connection ("
              + ServerSettings.MAX_WAITING
              + "); the next is told 429.")
  private int maxWaiting = ServerSettings.MAX_WAITING;

  @Option(
      names = "--requestTimeout",
      paramLabel = "DURATION",
      description = "How long a request may wait, and then its read may take (PT1S).")
  private Duration requestTimeout = ServerSettings.REQUEST_TIMEOUT;

  @Option(
      names = "--surfaces",
      paramLabel = "NAME",
      split = ",",
      description =
          "Where items are shown: what requests may name as surface"
              + " (search,browse,product,cart,checkout,home,orders).")
  private List<String> surfaces = Freshness.SURFACES;

  @Option(
      names = "--maxAge",
      paramLabel = "[SURFACE=]DURATION",
      split = ",",
      description =
          "From which age on a score is stale (PT30M), and on some surfaces, as in"
              + " PT1H,search=PT15M,cart=PT5M.")
  private List<String> maxAge = List.of();

  @Option(
      names = "--freshnessObjective",
      paramLabel = "DURATION",
      description = "Age that served scores should not have; those that do are counted (PT1H).")
  private Duration freshnessObjective = Freshness.OBJECTIVE;

  @Option(
      names = "--tokenTtl",
      paramLabel = "DURATION",
      description = "How long a consistency token holds (PT30M).")
  private Duration tokenTtl = ReaderSettings.TOKEN_TTL;

  @Option(
      names = "--configRefresh",
      paramLabel = "DURATION",
      description = "How soon promoted models and published policies are in force (PT2S).")
  private Duration configRefresh = ReaderSettings.CONFIG_REFRESH;

  @Option(
      names = "--experimentProvider",
      paramLabel = "CLASS",
      description =
          "OpenFeature provider that assigns users model versions, by the flag availability-model."
              + " Default: the experiment in the database.")
  private @Nullable String experimentProvider;

  @Option(
      names = "--shadowShare",
      paramLabel = "SHARE",
      description =
          "Share of the live version's answers, 0 to 1, that are compared afterwards with what a"
              + " shadow or candidate version would have answered ("
              + ReaderSettings.SHADOW_SHARE
              + "); ./shelfcast compare live tells. 0: none.")
  private double shadowShare = ReaderSettings.SHADOW_SHARE;

  @Option(
      names = "--bootstrapServers",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers that refresh requests of stale items are sent to.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--requestsTopic",
      paramLabel = "NAME",
      description = "Their topic (" + RefreshRequest.TOPIC + ").")
  private String requestsTopic = RefreshRequest.TOPIC;

  @Option(
      names = "--minRefreshInterval",
      paramLabel = "DURATION",
      description = "An item that was asked to be refreshed is not again for so long (PT1M).")
  private Duration minRefreshInterval = RefreshTopic.INTERVAL;

  @Option(
      names = "--kafkaConfig",
      paramLabel = "NAME=VALUE",
      split = ",",
      description =
          "Further settings of the Kafka producer, as security.protocol=SASL_SSL. Those that hold a"
              + " secret (sasl.jaas.config, ….password) are given by reference, as --jdbcPassword"
              + " is.")
  private List<String> kafkaConfig = List.of();

  /** The database that was named, if one was. */
  public @Nullable String jdbcUrl() {
    return jdbcUrl;
  }

  /** The role that was named, if one was. */
  public @Nullable String jdbcUser() {
    return jdbcUser;
  }

  /** The brokers that were named, if any were. */
  public @Nullable String bootstrapServers() {
    return bootstrapServers;
  }

  /** The topic of refresh requests. */
  public String requestsTopic() {
    return requestsTopic;
  }

  /**
   * Looks at all options, before anything is started for them.
   *
   * @throws IllegalArgumentException when one is wrong, saying what to write instead
   */
  public void check() {
    if (jdbcUrl == null && (jdbcUser != null || jdbcPassword != null)) {
      throw new IllegalArgumentException(
          "--jdbcUser and --jdbcPassword are for a database of yours; name it with --jdbcUrl");
    }
    var unused = reader(jdbcUrl == null ? SOME_DATABASE : database(), SOME_BROKERS);
  }

  /**
   * What the server needs.
   *
   * @throws IllegalArgumentException when an option is wrong, saying what to write instead
   */
  public ServerSettings server() {
    return new ServerSettings(host, port, connections, maxWaiting, requestTimeout);
  }

  /**
   * What the reader needs.
   *
   * @param database the serving database that {@link #jdbcUrl} names, or another in its place
   * @param brokers the Kafka brokers; null: none, and nothing is asked to be refreshed
   * @throws IllegalArgumentException when an option is wrong, saying what to write instead
   */
  public ReaderSettings reader(DatabaseConfig database, @Nullable String brokers) {
    DatabaseConfig reads =
        new DatabaseConfig(
            readJdbcUrl == null ? database.jdbcUrl() : readJdbcUrl,
            database.user(),
            database.password(),
            server().connections(),
            requestTimeout);
    return new ReaderSettings(
        database,
        reads,
        freshness(),
        configRefresh,
        tokenTtl,
        brokers == null
            ? null
            : new RefreshTopic(
                brokers,
                requestsTopic,
                ClientSettings.parse("--kafkaConfig", kafkaConfig),
                minRefreshInterval),
        experimentProvider,
        shadowShare);
  }

  /**
   * The serving database that the options name.
   *
   * @throws IllegalArgumentException when they name none, or a wrong one
   */
  public DatabaseConfig database() {
    if (jdbcUrl == null) {
      throw new IllegalArgumentException(
          "--jdbcUrl is missing; name the serving database, jdbc:postgresql://HOST:PORT/DATABASE");
    }
    return new DatabaseConfig(
        jdbcUrl,
        jdbcUser,
        jdbcPassword == null ? null : SecretRef.parse(jdbcPassword),
        CONFIG_CONNECTIONS,
        CONFIG_TIMEOUT);
  }

  private Freshness freshness() {
    Duration ofAll = Freshness.MAX_AGE;
    Map<String, Duration> bySurface = new HashMap<>();
    for (String age : maxAge) {
      int equals = age.indexOf('=');
      try {
        Duration duration = Duration.parse(age.substring(equals + 1));
        if (equals < 0) {
          ofAll = duration;
        } else {
          bySurface.put(age.substring(0, equals), duration);
        }
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(
            "--maxAge has '%s'; write PT30M for all surfaces, search=PT15M for one".formatted(age),
            e);
      }
    }
    return new Freshness(new LinkedHashSet<>(surfaces), ofAll, bySurface, freshnessObjective);
  }
}
