package io.shelfcast.store;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ModelVersion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deletes scores that are older than they may be.
 *
 * <p>A partition is gone through from its first page to its last, some pages to a transaction. Not
 * by key: nothing leads to old rows, as scored_at has no index, lest updates were not HOT; so each
 * page has to be read, and in their own order each is read once, one after the other, wherever the
 * keys stand. Pages without an old row, mostly nearly all, cost that read and nothing else; those
 * with some become room for new rows as vacuum comes by.
 *
 * <p>Readers are never held up. Nor does it wait for a row that somebody is writing: that is passed
 * over, and looked at again when it is written, since it will hardly be old any more. So it is in
 * no deadlock with merges, which write in the order of their keys. A merge that was about to update
 * a row which is gone inserts it ({@link MergeRows}).
 *
 * <p>While a snapshot replaces a partition, which may take over rows that are old, its rows are let
 * be; then what is in its place is gone through from the start.
 */
public final class Expiry {

  /** Some tens of thousands of rows: deleted in a fraction of a second. */
  static final int PAGES = 512;

  /** Rows that are being written are written in a moment; or else it is for the next run. */
  private static final int ATTEMPTS = 5;

  private static final Duration PAUSE = Duration.ofMillis(200);

  /** A snapshot of hundreds of millions of rows is swapped in within this. */
  private static final Duration SWAP_PATIENCE = Duration.ofHours(1);

  /** Plans for these pages and no others: reading only them is what it is all about. */
  private static final String PREPARE =
      """
      SET LOCAL plan_cache_mode = force_custom_plan;
      SET LOCAL enable_seqscan = off""";

  private static final String WHERE_IT_STANDS =
      "SELECT pg_relation_filenode(t), pg_relation_size(t) / current_setting('block_size')::bigint"
          + " FROM (SELECT ?::regclass AS t) named";

  private static final String OLD =
      " FROM %s WHERE ctid >= ?::tid AND ctid < ?::tid"
          + " AND scored_at < timestamptz 'epoch' + ? * interval '1 microsecond'";

  private static final String COUNT = "SELECT count(*)" + OLD;

  /** A row that was made newer meanwhile does not match when its lock is had, and so stays. */
  private static final String DELETE =
      "DELETE FROM %1$s WHERE ctid = ANY (ARRAY (SELECT ctid"
          + OLD.replace("%s", "%1$s")
          + " FOR UPDATE SKIP LOCKED))";

  private final Database database;

  public Expiry(Database database) {
    this.database = database;
  }

  /**
   * Deletes, as a run in the ledger.
   *
   * @param olderThan how old a score may be
   * @param now the time as of which
   * @param modelVersion of which model version; null: of all
   * @param started hears the run's name
   * @return how the run ended
   * @throws IllegalArgumentException when that is no time
   * @throws IllegalStateException when the model version is not registered
   * @throws DatabaseException when there is no run, since the database cannot be used
   */
  public Removal run(
      Duration olderThan, Instant now, @Nullable String modelVersion, Consumer<String> started) {
    if (olderThan.isNegative() || olderThan.isZero()) {
      throw new IllegalArgumentException(
          "scores cannot be kept for %s; say for how long".formatted(olderThan));
    }
    Instant before = now.minus(olderThan);
    List<ModelVersion> versions = versions(modelVersion);
    RunStart start =
        RunStart.now(
            RunKind.EXPIRE,
            "scores from before %s (older than %s)".formatted(before, olderThan),
            modelVersion,
            "delete",
            true);
    return RemovalRun.execute(
        database,
        start,
        started,
        run -> {
          for (ModelVersion version : versions) {
            expire(run, Partition.of(version.id()), Micros.of(before));
          }
          database.inTransaction(
              connection -> {
                run.end(connection);
                return true;
              });
        });
  }

  private List<ModelVersion> versions(@Nullable String name) {
    ModelRegistry registry = new ModelRegistry(database);
    return name == null ? registry.list() : List.of(registry.get(name));
  }

  /**
   * How far a partition is gone through.
   *
   * @param file the file that it stands in: another one after a snapshot, or a rewrite
   * @param pages how many it had at first; what is written behind them since is as new as it gets
   * @param next the next page
   * @param attempts how often that was looked at
   */
  private record Position(long file, long pages, long next, int attempts) {

    static final Position START = new Position(0, 0, 0, 0);

    boolean isEnd() {
      return file != 0 && next >= pages;
    }

    Position again() {
      return new Position(file, pages, next, attempts + 1);
    }

    Position ahead() {
      return new Position(file, pages, next + PAGES, 0);
    }

    String from() {
      return "(%d,0)".formatted(next);
    }

    String to() {
      return "(%d,0)".formatted(Math.min(next + PAGES, pages));
    }
  }

  private void expire(RemovalRun run, Partition partition, long beforeMicros) {
    Position at = Position.START;
    long deadline = System.nanoTime() + SWAP_PATIENCE.toNanos();
    while (!at.isEnd()) {
      Position from = at;
      Optional<Position> next =
          database.inTransaction(
              connection ->
                  SnapshotSwap.isFree(connection, partition)
                      ? Optional.of(step(connection, run, partition, from, beforeMicros))
                      : Optional.empty());
      if (next.isPresent()) {
        at = next.get();
        deadline = System.nanoTime() + SWAP_PATIENCE.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s is being replaced by a snapshot all the time; expire again when that is done"
                .formatted(partition.table()));
      }
      if (next.isEmpty() || at.attempts() > 0) {
        pause();
      }
    }
  }

  /** Deletes from the next pages, of a partition that nobody swaps or drops just now. */
  private static Position step(
      Connection connection, RemovalRun run, Partition partition, Position from, long beforeMicros)
      throws SQLException {
    if (!partition.exists(connection)) {
      return new Position(-1, 0, 0, 0);
    }
    try (Statement statement = connection.createStatement()) {
      // Rows stay where they are until the transaction ends.
      statement.execute("LOCK TABLE %s IN ROW EXCLUSIVE MODE".formatted(partition.table()));
      statement.execute(PREPARE);
    }
    Position at = whereItStands(connection, partition, from);
    if (at.isEnd()) {
      return at;
    }
    long old = count(connection, partition, at, beforeMicros);
    if (old == 0) {
      return at.ahead();
    }
    long deleted;
    try (PreparedStatement delete =
        connection.prepareStatement(DELETE.formatted(partition.table()))) {
      set(delete, at, beforeMicros);
      deleted = delete.executeUpdate();
    }
    if (deleted > 0) {
      run.note(connection, deleted);
    }
    return deleted == old || at.attempts() == ATTEMPTS ? at.ahead() : at.again();
  }

  private static Position whereItStands(Connection connection, Partition partition, Position from)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(WHERE_IT_STANDS)) {
      select.setString(1, partition.table());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        long file = row.getLong(1);
        return file == from.file() ? from : new Position(file, row.getLong(2), 0, 0);
      }
    }
  }

  private static long count(
      Connection connection, Partition partition, Position at, long beforeMicros)
      throws SQLException {
    try (PreparedStatement count =
        connection.prepareStatement(COUNT.formatted(partition.table()))) {
      set(count, at, beforeMicros);
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static void set(PreparedStatement statement, Position at, long beforeMicros)
      throws SQLException {
    statement.setString(1, at.from());
    statement.setString(2, at.to());
    statement.setLong(3, beforeMicros);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while scores were being expired", e);
    }
  }
}
