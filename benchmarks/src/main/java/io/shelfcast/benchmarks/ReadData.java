package io.shelfcast.benchmarks;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.local.generate.GenerateCommand;
import io.shelfcast.local.postgres.LocalPostgres;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Migrations;
import io.shelfcast.store.ModelRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine;

/** The scores that are read, of one live model version, as a full sync has written them. */
final class ReadData {

  static final int ITEMS_PER_STORE = 1000;

  /** A heap that need not grow, whose young generation is collected seldom. */
  static final List<String> SERVER_OPTIONS = List.of("-Xms1g", "-Xmx1g");

  private static final String MODEL = "bench";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Not stale, and not in the future: those of the last store are ten minutes later. */
  private static final Duration AGE = Duration.ofMinutes(15);

  private final Path home;
  private final String jdbcUrl;
  private final String user;
  private final int stores;

  private ReadData(Path home, LocalPostgres postgres, int stores) {
    this.home = home;
    this.jdbcUrl = postgres.jdbcUrl();
    this.user = postgres.user();
    this.stores = stores;
  }

  /** Makes them, and leaves the table at rest. */
  static ReadData create(Path home, LocalPostgres postgres, long rows) throws Exception {
    ReadData data = new ReadData(home, postgres, (int) Math.max(1, rows / ITEMS_PER_STORE));
    data.generate();
    DatabaseConfig config =
        new DatabaseConfig(data.jdbcUrl, data.user, null, 2, Duration.ofMinutes(5));
    Migrations.migrate(config);
    ModelRegistry models = new ModelRegistry(Database.shared(config));
    if (models.register(MODEL, ModelStatus.CANDIDATE).id() != BenchDatabase.MODEL) {
      throw new IllegalStateException("not the first model version");
    }
    models.promote(MODEL);
    try (JavaProcess sync = data.startSnapshot()) {
      sync.awaitSuccess(PATIENCE);
    }
    data.execute("VACUUM ANALYZE availability_score_1");
    data.execute("CHECKPOINT");
    return data;
  }

  private void generate() throws IOException {
    int exit =
        new CommandLine(new GenerateCommand())
            .setOut(new PrintWriter(Writer.nullWriter()))
            .setErr(new PrintWriter(Writer.nullWriter()))
            .execute(
                "--stores=" + stores,
                "--itemsPerStore=" + ITEMS_PER_STORE,
                "--modelVersion=" + MODEL,
                "--scoredAt=" + Instant.now().minus(AGE).truncatedTo(ChronoUnit.SECONDS),
                "--seed=1",
                "--output=" + home.resolve("input"));
    if (exit != 0) {
      throw new IOException("cannot generate scores of " + stores + " stores");
    }
  }

  /** A full sync of the same scores, as whoever uses the command has it. */
  JavaProcess startSnapshot() throws IOException {
    return JavaProcess.start(
        home,
        List.of(),
        line -> false,
        "io.shelfcast.local.Main",
        List.of(
            "full-sync",
            "--input=" + home.resolve("input") + "/*.parquet",
            "--writeMode=snapshot",
            "--jdbcUrl=" + jdbcUrl,
            "--jdbcUser=" + user));
  }

  JavaProcess startServer(int connections) throws IOException {
    return JavaProcess.start(
        home,
        SERVER_OPTIONS,
        line -> line.startsWith("listening on "),
        "io.shelfcast.serving.Main",
        List.of(
            "--host=127.0.0.1",
            "--port=0",
            "--connections=" + connections,
            "--jdbcUrl=" + jdbcUrl,
            "--jdbcUser=" + user));
  }

  /** Where the database is, with the user in it. */
  String jdbcUrl() {
    return jdbcUrl + "?user=" + user;
  }

  /** Any so many of a store's products. */
  Question.Mix questions(int items) {
    return new Question.Mix(items, stores, ITEMS_PER_STORE);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
