package io.shelfcast.store;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.TaggedScores;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the partition of a model version by a run's complete set of its scores.
 *
 * <p>The run's batches are copied into a table of its own that nobody reads ({@link #load}). When
 * all are in, {@link SnapshotSwap} makes it the partition, in one transaction. Whatever happens
 * before leaves the old partition as it was; {@link #dropLeftovers} clears up after it.
 */
public final class Snapshots {

  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

  /** Keeps those who make and those who drop such tables apart. Let go by commit. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('shelfcast.sync_run_snapshot', 0))";

  private static final String SELECT =
      "SELECT s.run_id, m.model_version_id, m.name, s.table_name"
          + " FROM sync_run_snapshot s JOIN model_version m USING (model_version_id) ";

  private static final String OF_RUN = SELECT + "WHERE s.run_id = ? ORDER BY m.name";

  private static final String LEFTOVERS =
      SELECT + "JOIN sync_run r USING (run_id) WHERE r.status <> 'running' ORDER BY s.run_id";

  private static final String INSERT =
      "INSERT INTO sync_run_snapshot (run_id, model_version_id, table_name)"
          + " SELECT run_id, ?, ? FROM sync_run WHERE run_id = ? AND status = 'running'";

  private static final String DELETE =
      "DELETE FROM sync_run_snapshot WHERE run_id = ? AND model_version_id = ?";

  private static final String DELETE_CHANGES =
      "DELETE FROM snapshot_change WHERE model_version_id = ?";

  /**
   * Filled to nine tenths: between two snapshots only refreshes change rows, a few of each page.
   * Nobody needs it vacuumed before it is a partition.
   */
  private static final String STORAGE = "fillfactor = 90, autovacuum_enabled = off";

  private static final String NO_ROWS =
      "no row of the input could be taken in, and a snapshot without rows would remove all scores;"
          + " nothing was changed";

  private final Database database;

  public Snapshots(Database database) {
    this.database = database;
  }

  /**
   * Copies a batch into the run's table for its model version, and accounts for it, as {@link
   * ScoreStore#apply} does: once, however often it is tried.
   *
   * @return what became of the rows; those that are inserted may yet lose to another of their key
   * @throws IllegalStateException when the run is over
   * @throws DatabaseException when the database cannot take it
   */
  public RowCounts load(String runId, TaggedScores batch) {
    return new ScoreStore(database).load(runId, open(runId, batch.modelVersionId()), batch);
  }

  /** The run's table for a model version; made by the first who asks. */
  private String open(String runId, short modelVersionId) {
    Optional<String> known =
        database.inTransaction(connection -> table(connection, runId, modelVersionId));
    return known.orElseGet(
        () -> database.inTransaction(connection -> create(connection, runId, modelVersionId)));
  }

  private static String create(Connection connection, String runId, short modelVersionId)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(LOCK);
      Optional<String> known = table(connection, runId, modelVersionId);
      if (known.isPresent()) {
        return known.get();
      }
      Partition partition = Partition.of(modelVersionId);
      String table = tableName(partition, runId);
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        insert.setShort(1, modelVersionId);
        insert.setString(2, table);
        insert.setString(3, runId);
        if (insert.executeUpdate() == 0) {
          throw new IllegalStateException(
              "run %s is over, and can build no snapshot".formatted(runId));
        }
      }
      partition.createAside(statement, table, STORAGE);
      partition.setDefaults(statement, table, Origin.FULL_SYNC);
      return table;
    }
  }

  private static Optional<String> table(Connection connection, String runId, short modelVersionId)
      throws SQLException {
    return of(connection, runId).stream()
        .filter(snapshot -> snapshot.partition().modelVersionId() == modelVersionId)
        .map(Snapshot::table)
        .findFirst();
  }

  /**
   * Makes what the run has loaded the partition of its model version, and ends the run well; see
   * {@link SnapshotSwap}. When the quality gate has said no, it ends the run as refused, and drops
   * what was loaded.
   *
   * @param modelVersion the only one that the rows may be of; null: whichever it is
   * @param input what the run's sources gave out, counted apart from the batches
   * @throws IllegalStateException when the rows cannot replace a partition
   */
  public RunSummary swapIn(String runId, @Nullable String modelVersion, InputSize input) {
    RunSummary summary =
        database.onOwnConnection(connection -> swapIn(connection, runId, modelVersion, input));
    if (summary.status() == RunStatus.REFUSED) {
      dropLeftovers();
    }
    return summary;
  }

  private static RunSummary swapIn(
      Connection connection, String runId, @Nullable String modelVersion, InputSize input)
      throws SQLException {
    RunSummary known = RunLedger.get(connection, runId);
    if (known.isOver()) {
      // A retry of the step that ends the run.
      return known;
    }
    if (known.isToBeRefused()) {
      RunSummary refused = RunLedger.refuse(connection, runId, input);
      connection.commit();
      return refused;
    }
    Snapshot snapshot = only(of(connection, runId), modelVersion);
    RowCounts counts = RunLedger.checkedCounts(connection, runId, input);
    if (counts.inserted() == 0) {
      throw new IllegalStateException(NO_ROWS);
    }
    return new SnapshotSwap(connection, snapshot, STORAGE).swap(counts, input);
  }

  private static Snapshot only(List<Snapshot> snapshots, @Nullable String modelVersion) {
    if (snapshots.isEmpty()) {
      throw new IllegalStateException(NO_ROWS);
    }
    List<String> names = snapshots.stream().map(Snapshot::modelVersion).toList();
    if (snapshots.size() > 1) {
      throw new IllegalStateException(
          "a snapshot replaces one model version, and the input has rows of %s; nothing was"
                  .formatted(String.join(", ", names))
              + " changed. Use --writeMode=merge, or an input for each.");
    }
    if (modelVersion != null && !names.contains(modelVersion)) {
      throw new IllegalStateException(
          "the input has rows of model version %s, and --modelVersion is %s; nothing was changed"
              .formatted(names.get(0), modelVersion));
    }
    return snapshots.get(0);
  }

  /**
   * Drops what runs that are over have left behind, but for what is in use just now: that is for
   * the next to drop.
   *
   * @return the names of the tables dropped
   */
  public List<String> dropLeftovers() {
    return database.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement();
              PreparedStatement select = connection.prepareStatement(LEFTOVERS)) {
            statement.execute(LOCK);
            // Readers queue up behind this, so not for long.
            statement.execute("SET LOCAL lock_timeout = '500ms'");
            List<String> dropped = new ArrayList<>();
            for (Snapshot leftover : snapshots(select)) {
              Savepoint before = connection.setSavepoint();
              try {
                // Another run may be swapping the same model version: the trigger is its own then.
                if (SnapshotSwap.isFree(connection, leftover.partition())) {
                  drop(connection, statement, leftover);
                  dropped.add(leftover.table());
                }
              } catch (SQLException e) {
                if (!"55P03".equals(e.getSQLState())) {
                  throw e;
                }
                connection.rollback(before);
                LOG.info("{} is in use, and not dropped yet", leftover.table());
              }
            }
            return dropped;
          }
        });
  }

  private static void drop(Connection connection, Statement statement, Snapshot leftover)
      throws SQLException {
    statement.execute("DROP TABLE IF EXISTS " + leftover.table());
    SnapshotSwap.dropTrigger(connection, leftover.partition());
    forget(connection, leftover);
  }

  /** The snapshot is the partition now, or gone. */
  static void forget(Connection connection, Snapshot snapshot) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(DELETE_CHANGES)) {
      delete.setShort(1, snapshot.partition().modelVersionId());
      delete.executeUpdate();
    }
    try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
      delete.setString(1, snapshot.runId());
      delete.setShort(2, snapshot.partition().modelVersionId());
      delete.executeUpdate();
    }
  }

  /** A table that a run builds for a partition's place. */
  record Snapshot(String runId, Partition partition, String modelVersion, String table) {}

  private static List<Snapshot> of(Connection connection, String runId) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OF_RUN)) {
      select.setString(1, runId);
      return snapshots(select);
    }
  }

  private static List<Snapshot> snapshots(PreparedStatement select) throws SQLException {
    try (ResultSet rows = select.executeQuery()) {
      List<Snapshot> found = new ArrayList<>();
      while (rows.next()) {
        found.add(
            new Snapshot(
                rows.getString(1),
                Partition.of(rows.getShort(2)),
                rows.getString(3),
                rows.getString(4)));
      }
      return found;
    }
  }

  /** Letters, digits and underscores, so that it may be spliced into SQL. */
  private static String tableName(Partition partition, String runId) {
    return partition.table() + "_" + runId.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
  }
}
