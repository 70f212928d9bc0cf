package io.shelfcast.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * How full a partition that came as a snapshot may be, and whether autovacuum of one that is merged
 * into should differ from the default. Not a test of the build; docs/decisions says how to run it.
 */
class PartitionSettingsBenchmark {

  private static final int ROWS = 1_000_000;

  @Test
  void howManyRefreshesStayHot() throws Exception {
    try (EmbeddedPostgres postgres = start();
        Connection connection = connect(postgres)) {
      System.out.println("fillfactor  refreshed of all, 3 times over   HOT updates   table MB");
      for (int fillfactor : new int[] {100, 95, 90, 80}) {
        for (int share : new int[] {1, 5, 10, 20}) {
          fill(connection, "fillfactor = " + fillfactor + ", autovacuum_enabled = off");
          for (int pass = 1; pass <= 3; pass++) {
            for (int part = 0; part < 10; part++) {
              // Rows from all over the table in each transaction, as searches have it.
              execute(
                  connection,
                  "UPDATE t SET scored_at = scored_at + interval '1 hour' WHERE abs(hashint8("
                      + "store_id * 1000 + product_id + %d)) %% 1000 < %d AND product_id %% 10 = %d"
                          .formatted(pass * 7919, share * 10, part));
            }
          }
          System.out.printf(
              Locale.ROOT,
              "%10d  %30d %%   %9.1f %%   %8d%n",
              fillfactor,
              share,
              hotPercent(connection),
              number(connection, "SELECT pg_total_relation_size('t') >> 20"));
        }
      }
    }
  }

  @Test
  void whatAutovacuumDoesForAPartitionThatIsReplacedAllDay() throws Exception {
    try (EmbeddedPostgres postgres = start();
        Connection connection = connect(postgres)) {
      System.out.println("autovacuum                       rows/s of 6 passes   HOT   table MB");
      for (int round = 0; round < 2; round++) {
        for (String setting :
            new String[] {
              "autovacuum_enabled = off",
              "autovacuum_enabled = on",
              "autovacuum_vacuum_scale_factor = 0.02",
            }) {
          fill(connection, "fillfactor = 50, " + setting);
          long start = System.nanoTime();
          for (int pass = 1; pass <= 6; pass++) {
            for (int part = 0; part < 50; part++) {
              execute(
                  connection,
                  "UPDATE t SET scored_at = scored_at + interval '1 hour', score = score / 2"
                      + " WHERE model_version_id = 1 AND store_id >= %d AND store_id < %d"
                          .formatted(part * 20, part * 20 + 20));
            }
          }
          double seconds = (System.nanoTime() - start) / 1e9;
          System.out.printf(
              Locale.ROOT,
              "%-38s %,12.0f   %5.1f %%   %8d%n",
              setting,
              6 * ROWS / seconds,
              hotPercent(connection),
              number(connection, "SELECT pg_total_relation_size('t') >> 20"));
        }
      }
    }
  }

  /** Looks for tables to vacuum every second, so that a short run sees what a day would. */
  private static EmbeddedPostgres start() throws Exception {
    return EmbeddedPostgres.builder()
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("shared_buffers", "256MB")
        .setServerConfig("max_wal_size", "4GB")
        .setServerConfig("autovacuum_naptime", "1s")
        .start();
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    return DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"));
  }

  private static void fill(Connection connection, String storage) throws SQLException {
    execute(connection, "DROP TABLE IF EXISTS t");
    execute(
        connection,
        """
        CREATE TABLE t (store_id bigint NOT NULL, product_id bigint NOT NULL,
          scored_at timestamptz NOT NULL, score real NOT NULL,
          model_version_id smallint NOT NULL, origin smallint NOT NULL) WITH (%s)"""
            .formatted(storage));
    execute(
        connection,
        "INSERT INTO t SELECT i / 1000, i %% 1000, now(), 0.5, 1, 1 FROM generate_series(0, %d) i"
            .formatted(ROWS - 1));
    execute(connection, "ALTER TABLE t ADD PRIMARY KEY (model_version_id, store_id, product_id)");
    execute(connection, "VACUUM ANALYZE t");
    execute(connection, "CHECKPOINT");
  }

  private static double hotPercent(Connection connection) throws SQLException {
    execute(connection, "SELECT pg_stat_force_next_flush()");
    return number(
            connection,
            "SELECT 1000 * n_tup_hot_upd / greatest(n_tup_upd, 1) FROM pg_stat_user_tables"
                + " WHERE relname = 't'")
        / 10.0;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
