package io.shelfcast.store;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.quality.GateVerdict;
import io.shelfcast.quality.ProfileJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the run ledger, for people. */
public final class RunHistory {

  /** Of a run that lasts, its row has no counts yet, but its batches have. */
  private static final String SELECT =
      """
      SELECT r.run_id, r.kind, r.status,
        coalesce(r.model_version, (
          SELECT string_agg(p.model_version, ' ' ORDER BY p.model_version)
          FROM sync_run_profile p WHERE p.run_id = r.run_id)),
        r.write_mode, r.gate, r.started_at,
        extract(epoch FROM coalesce(r.finished_at, clock_timestamp()) - r.started_at)::float8,
        r.inserted + b.inserted, r.updated + b.updated, r.kept + b.kept, r.rejected + b.rejected,
        r.source, r.finished_at, r.started_by, r.error, r.carried_over, r.removed, r.bytes_read,
        r.rows_written, coalesce(r.wal_bytes, 0), r.database_seconds, r.gate_reason, r.checks,
        r.window_from, r.window_to, r.watermark
      FROM (%s) r CROSS JOIN LATERAL (
        SELECT coalesce(sum(inserted), 0) AS inserted, coalesce(sum(updated), 0) AS updated,
          coalesce(sum(kept), 0) AS kept, coalesce(sum(rejected), 0) AS rejected
        FROM sync_run_batch WHERE run_id = r.run_id AND r.status = 'running') b
      ORDER BY r.started_at DESC, r.run_id DESC""";

  private static final String LIST =
      SELECT.formatted(
          """
          SELECT * FROM sync_run l
          WHERE (?::text IS NULL OR status = ?)
            AND (?::text IS NULL OR model_version = ? OR EXISTS (
              SELECT FROM sync_run_profile p
              WHERE p.run_id = l.run_id AND p.model_version = ?))
          ORDER BY started_at DESC, run_id DESC LIMIT ?""");

  private static final String FIND = SELECT.formatted("SELECT * FROM sync_run WHERE run_id = ?");

  private static final String LAST =
      "SELECT run_id FROM sync_run ORDER BY started_at DESC, run_id DESC LIMIT 1";

  private final Database database;

  public RunHistory(Database database) {
    this.database = database;
  }

  /**
   * Runs, the newest first.
   *
   * @param status only those that stand there; null: all
   * @param modelVersion only those with rows of it, as far as that is known; null: all
   * @param limit how many at the most
   */
  public List<RunLine> list(@Nullable RunStatus status, @Nullable String modelVersion, int limit) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(LIST)) {
            String word = status == null ? null : status.word();
            select.setString(1, word);
            select.setString(2, word);
            select.setString(3, modelVersion);
            select.setString(4, modelVersion);
            select.setString(5, modelVersion);
            select.setInt(6, limit);
            try (ResultSet rows = select.executeQuery()) {
              List<RunLine> found = new ArrayList<>();
              while (rows.next()) {
                found.add(line(rows));
              }
              return found;
            }
          }
        });
  }

  /** The name of the run that was started last. */
  public Optional<String> last() {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(LAST);
              ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
          }
        });
  }

  /** All about a run. */
  public Optional<RunDetails> find(String runId) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setString(1, runId);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(details(connection, row)) : Optional.empty();
            }
          }
        });
  }

  private static RunLine line(ResultSet row) throws SQLException {
    String gate = row.getString(6);
    return new RunLine(
        row.getString(1),
        RunKind.ofWord(row.getString(2)),
        RunStatus.ofWord(row.getString(3)),
        row.getString(4),
        row.getString(5),
        gate == null ? null : GateVerdict.ofWord(gate),
        row.getObject(7, OffsetDateTime.class).toInstant(),
        row.getDouble(8),
        new RowCounts(row.getLong(9), row.getLong(10), row.getLong(11), row.getLong(12)),
        row.getString(13));
  }

  private static RunDetails details(Connection connection, ResultSet row) throws SQLException {
    RunLine run = line(row);
    String checks = row.getString(24);
    List<GateCheck> judged = checks == null ? List.of() : ProfileJson.checks(checks);
    Instant windowTo = instant(row, 26);
    return new RunDetails(
        run,
        instant(row, 14),
        row.getString(15),
        row.getString(16),
        new RunSummary.Swap(row.getLong(17), row.getLong(18)),
        new RunCost(row.getLong(19), row.getLong(20), row.getLong(21), row.getDouble(22)),
        row.getString(23),
        judged,
        windowTo == null ? null : new RunDetails.Window(instant(row, 25), windowTo),
        instant(row, 27),
        ProfileRows.models(connection, run.runId()),
        ProfileRows.examples(connection, run.runId()));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
