package io.shelfcast.store;

import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What rows that change nothing cost: a million rows, of which some are newer than what is there,
 * on one connection, fsync on. The plain guard and the guard behind an anti-join are written out
 * here; the other is our own merge. Not a test of the build; docs/decisions says how to run it.
 */
class MergeBenchmark {

  private static final int ROWS = Integer.getInteger("rows", 1_000_000);
  private static final int STORE_SIZE = 1000;
  private static final int BATCH = 20_000;

  private enum Way {
    PLAIN_GUARD,
    ANTI_JOIN,
    OURS
  }

  @Test
  void whatRowsThatChangeNothingCost() throws Exception {
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("max_wal_size", "4GB")
            .start()) {
      System.out.println("keys    newer  way          rows/s   WAL MB");
      for (boolean dense : new boolean[] {true, false}) {
        for (int newer : new int[] {0, 1, 10, 50, 100}) {
          for (Way way : Way.values()) {
            measure(postgres, dense, newer, way);
          }
        }
      }
    }
  }

  private static void measure(EmbeddedPostgres postgres, boolean dense, int newer, Way way)
      throws Exception {
    String admin = postgres.getJdbcUrl("postgres", "postgres");
    execute(admin, "DROP DATABASE IF EXISTS bench WITH (FORCE)");
    execute(admin, "CREATE DATABASE bench");
    String url = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/bench";
    DatabaseConfig config = new DatabaseConfig(url, "postgres", null, 2, Duration.ofMinutes(5));
    Migrations.migrate(config);
    Database database = Database.shared(config);
    short model = new ModelRegistry(database).findOrRegister("m").id();
    String own = url + "?user=postgres";
    for (int batch = 0; batch < ROWS / BATCH; batch++) {
      apply(database, model, batch(true, batch, 0, 0), Way.OURS);
    }
    execute(own, "VACUUM ANALYZE availability_score_1");
    execute(own, "CHECKPOINT");
    long wal = number(own, "SELECT pg_current_wal_insert_lsn() - '0/0'");
    long start = System.nanoTime();
    for (int batch = 0; batch < ROWS / BATCH; batch++) {
      apply(database, model, batch(dense, batch, newer, 1), way);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    wal = number(own, "SELECT pg_current_wal_insert_lsn() - '0/0'") - wal;
    System.out.printf(
        Locale.ROOT,
        "%-6s %4d %%  %-11s %,8.0f  %7.1f%n",
        dense ? "dense" : "sparse",
        newer,
        way,
        ROWS / seconds,
        wal / 1e6);
    Database.closeAll();
  }

  /** Dense: keys that follow each other. Sparse: each batch has keys of all over the table. */
  private static ScoreBatch batch(boolean dense, int number, int newer, int second) {
    ScoreBatch.Builder batch = ScoreBatch.builder("bench", "m", BATCH);
    for (int i = 0; i < BATCH; i++) {
      int row = dense ? number * BATCH + i : i * (ROWS / BATCH) + number;
      long time = Scores.T0 + (row * 79L % 100 < newer ? second * 1_000_000L : 0);
      batch.add(row, row / STORE_SIZE, row % STORE_SIZE, 0.5, time);
    }
    return batch.build(UUID.randomUUID());
  }

  private static void apply(Database database, short model, ScoreBatch batch, Way way) {
    if (way == Way.OURS) {
      new ScoreStore(database)
          .apply(Runs.start(database), Origin.FULL_SYNC, new TaggedScores(model, batch));
      return;
    }
    String source =
        way == Way.PLAIN_GUARD
            ? ""
            : """
              LEFT JOIN availability_score_1 o ON o.model_version_id = 1
                AND o.store_id = s.store_id AND o.product_id = s.product_id
              WHERE o.store_id IS NULL OR (s.scored_at, s.score) > (o.scored_at, o.score)""";
    database.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                """
                SET LOCAL client_min_messages = warning;
                SET LOCAL enable_hashjoin = off;
                SET LOCAL enable_mergejoin = off;
                CREATE TEMPORARY TABLE IF NOT EXISTS bench_stage (
                  store_id bigint NOT NULL, product_id bigint NOT NULL,
                  scored_at timestamptz NOT NULL, score real NOT NULL
                ) ON COMMIT DELETE ROWS""");
            try (CopyRows copy =
                new CopyRows(
                    connection,
                    "COPY bench_stage (store_id, product_id, scored_at, score)"
                        + " FROM STDIN (FORMAT binary)")) {
              for (int row : KeyOrder.greatestPerKey(batch)) {
                copy.add(batch, row);
              }
              copy.end();
            }
            return statement.executeUpdate(
                """
                INSERT INTO availability_score_1 AS t
                  (store_id, product_id, scored_at, score, model_version_id, origin)
                SELECT s.store_id, s.product_id, s.scored_at, s.score, 1, 1
                FROM bench_stage s %s
                ORDER BY s.store_id, s.product_id
                ON CONFLICT (model_version_id, store_id, product_id) DO UPDATE
                  SET scored_at = excluded.scored_at, score = excluded.score
                  WHERE (excluded.scored_at, excluded.score) > (t.scored_at, t.score)"""
                    .formatted(source));
          }
        });
  }

  private static void execute(String url, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(String url, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
