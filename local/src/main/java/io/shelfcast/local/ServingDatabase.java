package io.shelfcast.local;

import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Migrations;
import io.shelfcast.store.SecretRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The serving database of a command: the one that the user names, or the embedded one, which is
 * running from here until the command ends.
 */
final class ServingDatabase implements AutoCloseable {

  private static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(5);
  private static final int CONNECTIONS = 4;
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
  private static final Logger LOG = LoggerFactory.getLogger(ServingDatabase.class);

  private final DatabaseConfig config;
  private final @Nullable LocalPostgres embedded;
  private final Cleanup.Task onExit;

  private ServingDatabase(DatabaseConfig config, @Nullable LocalPostgres embedded) {
    this.config = config;
    this.embedded = embedded;
    this.onExit = Cleanup.onExit(this::release);
  }

  /** The user's own database. */
  static ServingDatabase of(DatabaseConfig config) {
    return new ServingDatabase(config, null);
  }

  /**
   * The database of a pipeline's arguments; without a URL the embedded one, which they then name.
   *
   * @param parse makes options of arguments
   */
  static ServingDatabase completing(
      List<String> arguments, Function<List<String>, ? extends DatabaseOptions> parse)
      throws IOException {
    if (PipelineOptionsSpec.isGiven(arguments, "--jdbcUrl=")) {
      return of(DatabaseOptions.configOf(parse.apply(arguments)));
    }
    if (arguments.stream().anyMatch(argument -> argument.matches("--jdbc(User|Password)=.*"))) {
      throw new IllegalArgumentException(
          "--jdbcUser and --jdbcPassword are for a database of yours; name it with --jdbcUrl");
    }
    ServingDatabase embedded = embedded();
    arguments.add("--jdbcUrl=" + embedded.config().jdbcUrl());
    arguments.add("--jdbcUser=" + embedded.config().user());
    return embedded;
  }

  /** The database of the options; without a URL the embedded one. */
  static ServingDatabase open(DatabaseArguments arguments) throws IOException {
    String url = arguments.jdbcUrl();
    if (url == null) {
      ServingDatabase database = embedded();
      Migrations.migrate(database.config);
      return database;
    }
    String password = arguments.jdbcPassword();
    DatabaseConfig config =
        new DatabaseConfig(
            url,
            arguments.jdbcUser(),
            password == null ? null : SecretRef.parse(password),
            CONNECTIONS,
            STATEMENT_TIMEOUT);
    Database.check(config);
    return of(config);
  }

  /** As {@link #open}, with its schema up to date, for what changes it. */
  static ServingDatabase openMigrated(DatabaseArguments arguments) throws IOException {
    ServingDatabase database = open(arguments);
    try {
      if (database.embedded == null) {
        Migrations.migrate(database.config);
      }
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** The embedded database, started if it is not running; its schema is the caller's business. */
  static ServingDatabase embedded() throws IOException {
    return embedded(home());
  }

  /** The embedded database of a home. */
  @SuppressWarnings("try") // The task is held, not used.
  static ServingDatabase embedded(Path home) throws IOException {
    CompletableFuture<LocalPostgres> starting = new CompletableFuture<>();
    // A signal does not stop the thread that starts the server: it would come up and be left over.
    try (Cleanup.Task onExit = Cleanup.onExit(() -> closeOnceStarted(starting))) {
      LocalPostgres postgres = LocalPostgres.open(home);
      starting.complete(postgres);
      DatabaseConfig config =
          new DatabaseConfig(
              postgres.jdbcUrl(), postgres.user(), null, CONNECTIONS, STATEMENT_TIMEOUT);
      return new ServingDatabase(config, postgres);
    } finally {
      starting.cancel(false);
    }
  }

  private static void closeOnceStarted(CompletableFuture<LocalPostgres> starting) {
    try {
      starting.get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
    } catch (CancellationException e) {
      LOG.debug("it did not start", e);
    } catch (ExecutionException | InterruptedException | TimeoutException e) {
      // A recovery, say, may take minutes. The next command joins the server, and stops it.
      LOG.warn("PostgreSQL is still starting; the next command will see to it");
    }
  }

  /** Whether an earlier command has made the embedded database. */
  static boolean isEmbeddedThere() {
    return LocalPostgres.exists(home());
  }

  /** Where the embedded parts keep their data. */
  static Path home() {
    @Nullable String home = System.getenv("SHELFCAST_HOME");
    return Path.of(home == null || home.isBlank() ? ".shelfcast" : home).toAbsolutePath();
  }

  DatabaseConfig config() {
    return config;
  }

  Database database() {
    return Database.shared(config);
  }

  @Override
  public void close() {
    onExit.close();
    release();
  }

  private void release() {
    Database.closeAll();
    if (embedded != null) {
      embedded.close();
    }
  }
}
