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
 * What the partitions' fillfactor and the size of a batch should be: a million rows inserted, then
 * all of them replaced three times over, by our own upsert on one connection, fsync on. Not a test
 * of the build; the decision that it led to says how to run it.
 */
class FillfactorBenchmark {

  private static final int ROWS = Integer.getInteger("rows", 1_000_000);
  private static final int STORE_SIZE = 1000;

  @Test
  void fillfactorsAndBatchSizes() throws Exception {
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("max_wal_size", "4GB")
            .start()) {
      System.out.println(
          "fillfactor  batch   insert/s  replace/s (1st, 2nd, 3rd)      HOT   WAL MB  heap MB");
      for (int round = 0; round < 2; round++) {
        for (int fillfactor : new int[] {100, 90, 80, 70, 50}) {
          measure(postgres, fillfactor, 20_000);
        }
        for (int batch : new int[] {1000, 5000, 50_000}) {
          measure(postgres, 70, batch);
        }
      }
    }
  }

  private static void measure(EmbeddedPostgres postgres, int fillfactor, int batch)
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
    execute(own, "ALTER TABLE availability_score_1 SET (fillfactor = " + fillfactor + ")");
    execute(own, "CHECKPOINT");
    double insert = load(database, model, batch, 0);
    long before = number(own, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn");
    double[] replace = new double[3];
    for (int pass = 0; pass < replace.length; pass++) {
      replace[pass] = load(database, model, batch, pass + 1);
    }
    long wal = (number(own, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn") - before) >> 20;
    execute(own, "SELECT pg_stat_force_next_flush()");
    long updates =
        number(own, "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname LIKE '%score_1'");
    long hot =
        number(own, "SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname LIKE '%score_1'");
    long heap = number(own, "SELECT pg_relation_size('availability_score_1')") >> 20;
    System.out.printf(
        Locale.ROOT,
        "%10d %6d %,10.0f  %,9.0f %,9.0f %,9.0f   %5.1f %%   %6d  %7d%n",
        fillfactor,
        batch,
        insert,
        replace[0],
        replace[1],
        replace[2],
        100.0 * hot / Math.max(1, updates),
        wal,
        heap);
    Database.closeAll();
  }

  private static double load(Database database, short model, int batchSize, int pass) {
    String run = Runs.start(database);
    ScoreStore store = new ScoreStore(database);
    long start = System.nanoTime();
    for (int from = 0; from < ROWS; from += batchSize) {
      ScoreBatch.Builder batch = ScoreBatch.builder("bench", "m", batchSize);
      for (int row = from; row < Math.min(ROWS, from + batchSize); row++) {
        batch.add(
            row,
            row / STORE_SIZE,
            row % STORE_SIZE,
            (row * 31L + pass * 17L) % 1000 / 1000.0,
            Scores.T0 + pass * 1_000_000L);
      }
      store.apply(run, Origin.FULL_SYNC, new TaggedScores(model, batch.build(UUID.randomUUID())));
    }
    return ROWS / ((System.nanoTime() - start) / 1e9);
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
