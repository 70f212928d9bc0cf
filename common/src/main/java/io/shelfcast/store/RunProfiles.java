package io.shelfcast.store;

import io.shelfcast.quality.Baselines;
import io.shelfcast.quality.Baselines.Baseline;
import io.shelfcast.quality.BatchProfile;
import io.shelfcast.quality.Extent;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.quality.GateVerdict;
import io.shelfcast.quality.ModelProfile;
import io.shelfcast.quality.ProfileBytes;
import io.shelfcast.quality.ProfileJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The quality gate's side of the run ledger: profiles, checks, verdicts. */
public final class RunProfiles {

  /**
   * The last run of the same source or, as files mostly have other names each time, of any. An
   * increment is another thing than a whole, and is only compared with increments; what is complete
   * rather with what is complete as well, and what is large rather with what is nearly as large
   * than with a handful of corrections. A run that was only warned about is no measure.
   */
  private static final String BASELINE =
      "SELECT p.run_id, p.profile FROM sync_run_profile p JOIN sync_run r USING (run_id)"
          + " WHERE p.model_version = ? AND p.is_increment = ? AND p.profile IS NOT NULL"
          + " AND p.rows >= ? AND r.status = 'succeeded' AND r.gate <> 'warned'%s"
          + " ORDER BY p.is_complete AND ? DESC, p.rows >= ? DESC,"
          + " r.source = (SELECT source FROM sync_run WHERE run_id = ?) DESC, r.finished_at DESC"
          + " LIMIT 1";

  private static final String LAST = BASELINE.formatted("");

  /**
   * Its scores were made at the same time of day, give or take an hour and a half, and over about
   * as long a time; and nobody has forced another distribution through since.
   */
  private static final String ALIKE =
      BASELINE.formatted(
          " AND abs((extract(epoch FROM p.made)::float8 - ?)"
              + " - 86400 * round((extract(epoch FROM p.made)::float8 - ?) / 86400)) <= 5400"
              + " AND abs(p.spread_seconds - ?) <= greatest(5400, greatest(p.spread_seconds, ?) / 2)"
              + " AND r.finished_at >= coalesce((SELECT max(f.finished_at) FROM sync_run f"
              + " JOIN sync_run_profile fp USING (run_id) WHERE fp.model_version = p.model_version"
              + " AND f.gate = 'forced' AND f.status = 'succeeded'), '-infinity')");

  private static final String RECORD =
      "UPDATE sync_run SET gate = ?, gate_reason = ?, profile = ?::jsonb, checks = ?::jsonb"
          + " WHERE run_id = ? AND gate IS NULL";

  private static final String INSERT =
      "INSERT INTO sync_run_profile (run_id, model_version, is_complete, is_increment, rows, made,"
          + " spread_seconds, profile) VALUES (?, ?, ?, ?, ?,"
          + " timestamptz 'epoch' + ? * interval '1 microsecond', ?, ?)";

  /**
   * A profile has some 16 bytes for each store. Of those of one source that later runs could be
   * compared with in the same way, from the same hour of the day, only the last is needed; of
   * sources that never come again, as files named by the day, one of each hour after a while.
   */
  private static final String FORGET_OLD =
      "UPDATE sync_run_profile p SET profile = NULL FROM sync_run r"
          + " WHERE r.run_id = p.run_id AND p.profile IS NOT NULL AND p.model_version = ?"
          + " AND (r.status IN ('failed', 'refused') OR EXISTS (SELECT FROM sync_run_profile q"
          + " JOIN sync_run s ON s.run_id = q.run_id WHERE s.status = 'succeeded'"
          + " AND s.gate <> 'warned' AND q.profile IS NOT NULL"
          + " AND s.finished_at > r.finished_at"
          + " AND (s.source = r.source OR r.finished_at < now() - interval '8 days')"
          + " AND q.model_version = p.model_version"
          + " AND (q.is_complete, q.is_increment) = (p.is_complete, p.is_increment)"
          + " AND q.rows >= p.rows / 2 AND date_part('hour', q.made AT TIME ZONE 'UTC') ="
          + " date_part('hour', p.made AT TIME ZONE 'UTC') AND abs(q.spread_seconds -"
          + " p.spread_seconds) <= 5400))";

  private static final String VERDICT = "SELECT gate FROM sync_run WHERE run_id = ?";

  private static final String CHECKS = "SELECT checks FROM sync_run WHERE run_id = ?";

  private final Database database;

  public RunProfiles(Database database) {
    this.database = database;
  }

  /**
   * What the gate judges of a run: by whom its input is to be compared.
   *
   * @param runId its name in the ledger
   * @param extent how much of what there is its input has
   * @param minRows how many rows a run has to have to be compared with
   */
  public record Judged(String runId, Extent extent, long minRows) {

    boolean isComplete() {
      return extent == Extent.COMPLETE;
    }

    boolean isIncrement() {
      return extent == Extent.INCREMENT;
    }
  }

  /** The runs that a model version's rows are to be compared with. */
  public Baselines baselines(Judged run, String modelVersion, @Nullable ModelProfile profile) {
    return database.inTransaction(
        connection ->
            new Baselines(
                find(connection, false, run, modelVersion, profile),
                profile == null || profile.rows() == 0
                    ? null
                    : find(connection, true, run, modelVersion, profile)));
  }

  private static @Nullable Baseline find(
      Connection connection,
      boolean isAlike,
      Judged run,
      String modelVersion,
      @Nullable ModelProfile profile)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(isAlike ? ALIKE : LAST)) {
      int at = 1;
      select.setString(at++, modelVersion);
      select.setBoolean(at++, run.isIncrement());
      select.setLong(at++, run.minRows());
      if (isAlike && profile != null) {
        double made = profile.madeMicros() / 1e6;
        select.setDouble(at++, made);
        select.setDouble(at++, made);
        select.setDouble(at++, profile.spreadSeconds());
        select.setDouble(at++, profile.spreadSeconds());
      }
      select.setBoolean(at++, run.isComplete());
      select.setLong(at++, profile == null ? 0 : profile.rows() / 10);
      select.setString(at, run.runId());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        String runId = row.getString(1);
        return ProfileBytes.parse(row.getBytes(2))
            .map(found -> new Baseline(runId, found))
            .orElse(null);
      }
    }
  }

  /**
   * Keeps what the gate saw and said, in one transaction; nothing if that was done before.
   *
   * @return whether this was the first time
   */
  public boolean record(
      Judged run,
      BatchProfile profile,
      List<GateCheck> checks,
      GateVerdict verdict,
      @Nullable String reason) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(RECORD)) {
            update.setString(1, verdict.word());
            update.setString(2, reason);
            update.setString(3, ProfileJson.of(profile));
            update.setString(4, ProfileJson.of(checks));
            update.setString(5, run.runId());
            if (update.executeUpdate() == 0) {
              return false;
            }
          }
          for (Map.Entry<String, ModelProfile> model : profile.models().entrySet()) {
            if (model.getValue().rows() > 0) {
              insert(connection, run, model.getKey(), model.getValue());
              forgetOld(connection, model.getKey());
            }
          }
          return true;
        });
  }

  private static void insert(Connection connection, Judged run, String name, ModelProfile profile)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, run.runId());
      insert.setString(2, name);
      insert.setBoolean(3, run.isComplete());
      insert.setBoolean(4, run.isIncrement());
      insert.setLong(5, profile.rows());
      insert.setLong(6, profile.madeMicros());
      insert.setDouble(7, profile.spreadSeconds());
      insert.setBytes(8, ProfileBytes.of(profile));
      insert.executeUpdate();
    }
  }

  private static void forgetOld(Connection connection, String name) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(FORGET_OLD)) {
      update.setString(1, name);
      update.executeUpdate();
    }
  }

  /** What the gate said of a run; nothing when it was off, or has not been reached. */
  public Optional<GateVerdict> verdict(String runId) {
    return database.inTransaction(
        connection -> text(connection, VERDICT, runId).map(GateVerdict::ofWord));
  }

  /** What the gate judged of a run. */
  public List<GateCheck> checks(String runId) {
    return database.inTransaction(connection -> checks(connection, runId));
  }

  private static List<GateCheck> checks(Connection connection, String runId) throws SQLException {
    return text(connection, CHECKS, runId).map(ProfileJson::checks).orElse(List.of());
  }

  /** What failed, in one line. */
  static String failedChecks(Connection connection, String runId) throws SQLException {
    return checks(connection, runId).stream()
        .filter(check -> !check.passed())
        .map(GateCheck::line)
        .collect(Collectors.joining("; "));
  }

  private static Optional<String> text(Connection connection, String sql, String runId)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, runId);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
      }
    }
  }
}
