package io.shelfcast.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/** The one session that prepares the database, writes by hand, and looks at what came of it. */
final class BenchDatabase implements AutoCloseable {

  static final short MODEL = 1;

  private static final String COLUMNS =
      "store_id, product_id, scored_at, score, model_version_id, origin";

  private final Connection connection;

  BenchDatabase(String jdbcUrl) throws SQLException {
    this.connection = DriverManager.getConnection(jdbcUrl);
  }

  /** Keeps what the partition holds as the input, for the states to be made of. */
  void keepInput(Path copy) throws SQLException, IOException {
    execute("DROP TABLE IF EXISTS bench_input");
    execute("CREATE TABLE bench_input AS SELECT * FROM availability_score_1 ORDER BY 1, 2");
    execute("VACUUM ANALYZE bench_input");
    try (OutputStream out = Files.newOutputStream(copy)) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut(
              "COPY (SELECT %s FROM bench_input) TO STDOUT (FORMAT binary)".formatted(COLUMNS),
              out);
    }
  }

  /** Makes the partition hold what the state says, as a table that has been at rest. */
  void prepare(State state) throws SQLException {
    execute("DROP TABLE IF EXISTS bench_fresh");
    execute("ALTER TABLE availability_score DETACH PARTITION availability_score_1");
    execute("DROP TABLE availability_score_1");
    execute("CREATE TABLE availability_score_1 (LIKE availability_score) WITH (fillfactor = 50)");
    if (state != State.EMPTY) {
      execute(
          """
          INSERT INTO availability_score_1 (%1$s)
          SELECT store_id, product_id,
            CASE WHEN %2$s THEN scored_at ELSE scored_at - interval '1 hour' END,
            CASE WHEN %2$s THEN score ELSE score * 0.9 END, model_version_id, origin
          FROM bench_input"""
              .formatted(COLUMNS, state.asNew()));
    }
    execute(
        "ALTER TABLE availability_score_1 ADD CONSTRAINT availability_score_1_pkey"
            + " PRIMARY KEY (model_version_id, store_id, product_id)");
    execute(
        "ALTER TABLE availability_score ATTACH PARTITION availability_score_1 FOR VALUES IN (1)");
    execute("VACUUM ANALYZE availability_score_1");
    execute("CHECKPOINT");
  }

  void mergeByHand(Path copy) throws SQLException, IOException {
    execute("CREATE TEMPORARY TABLE bench_stage (LIKE availability_score_1)");
    copyIn("bench_stage", copy);
    execute(
        """
        INSERT INTO availability_score_1 AS t (%1$s) SELECT %1$s FROM bench_stage
        ORDER BY store_id, product_id
        ON CONFLICT (model_version_id, store_id, product_id) DO UPDATE
          SET scored_at = excluded.scored_at, score = excluded.score, origin = excluded.origin
          WHERE (excluded.scored_at, excluded.score) > (t.scored_at, t.score)"""
            .formatted(COLUMNS));
    execute("DROP TABLE bench_stage");
  }

  void copyAndKeyByHand(Path copy) throws SQLException, IOException {
    execute("CREATE TABLE bench_fresh (LIKE availability_score_1)");
    copyIn("bench_fresh", copy);
    execute("ALTER TABLE bench_fresh ADD PRIMARY KEY (model_version_id, store_id, product_id)");
  }

  void copyUnlogged(Path copy) throws SQLException, IOException {
    execute("CREATE UNLOGGED TABLE bench_fresh (LIKE availability_score_1)");
    copyIn("bench_fresh", copy);
  }

  private void copyIn(String table, Path copy) throws SQLException, IOException {
    try (InputStream in = Files.newInputStream(copy)) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table, COLUMNS), in, 1 << 16);
    }
  }

  /** The number of rows, and a hash over all of them; the same for the same rows. */
  String fingerprint(String table) throws SQLException {
    return text(
        """
        SELECT count(*) || ' '
          || bit_xor(hash_record_extended(ROW(store_id, product_id, scored_at, score), 0))
        FROM %s"""
            .formatted(table));
  }

  long walPosition() throws SQLException {
    return number("SELECT pg_current_wal_insert_lsn() - '0/0'");
  }

  long tableBytes(String table) throws SQLException {
    return number("SELECT pg_total_relation_size('%s')".formatted(table));
  }

  String version() throws SQLException {
    return text("SHOW server_version");
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
