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
   * rather with what is complete as well.
   */
  private static final String BASELINE =
      "SELECT p.run_id, p.profile FROM sync_run_profile p JOIN sync_run r USING (run_id)"
          + " WHERE p.model_version = ? AND p.is_increment = ? AND p.profile IS NOT NULL"
          + " AND r.status = 'succeeded'%s"
          + " ORDER BY p.is_complete AND ? DESC,"
          + " r.source = (SELECT source FROM sync_run WHERE run_id = ?) DESC, r.finished_at DESC"
          + " LIMIT 1";

  private static final String LAST = BASELINE.formatted("");

  /**
   * Its newest score was made at the same time of day, give or take an hour and a half, and its
   * scores were made over about as long a time.
   */
  private static final String ALIKE =
      BASELINE.formatted(
          " AND abs((extract(epoch FROM p.newest)::float8 - ?)"
              + " - 86400 * round((extract(epoch FROM p.newest)::float8 - ?) / 86400)) <= 5400"
              + " AND abs(extract(epoch FROM p.newest - p.oldest)::float8 - ?) <="
              + " greatest(10800, greatest(extract(epoch FROM p.newest - p.oldest)::float8, ?) / 2)");

  private static final String RECORD =
      "UPDATE sync_run SET gate = ?, gate_reason = ?, profile = ?::jsonb, checks = ?::jsonb"
          + " WHERE run_id = ? AND gate IS NULL";

  private static final String INSERT =
      "INSERT INTO sync_run_profile"
          + " (run_id, model_version, is_complete, is_increment, oldest, newest, profile)"
          + " VALUES (?, ?, ?, ?, timestamptz 'epoch' + ? * interval '1 microsecond',"
          + " timestamptz 'epoch' + ? * interval '1 microsecond', ?)";

  /** They have some 16 bytes for each store; a week or so of them is enough to compare with. */
  private static final String FORGET_OLD =
      "UPDATE sync_run_profile SET profile = NULL WHERE profile IS NOT NULL"
          + " AND model_version = ? AND is_increment = ? AND run_id IN"
          + " (SELECT run_id FROM sync_run_profile JOIN sync_run USING (run_id)"
          + " WHERE sync_run_profile.model_version = ? AND is_increment = ?"
          + " ORDER BY started_at DESC OFFSET 30)";

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
   */
  public record Judged(String runId, Extent extent) {

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
                find(connection, LAST, run, modelVersion, null),
                profile == null || profile.rows() == 0
                    ? null
                    : find(connection, ALIKE, run, modelVersion, profile)));
  }

  private static @Nullable Baseline find(
      Connection connection,
      String sql,
      Judged run,
      String modelVersion,
      @Nullable ModelProfile alike)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      int at = 1;
      select.setString(at++, modelVersion);
      select.setBoolean(at++, run.isIncrement());
      if (alike != null) {
        double newest = alike.newestMicros() / 1e6;
        double span = newest - alike.oldestMicros() / 1e6;
        select.setDouble(at++, newest);
        select.setDouble(at++, newest);
        select.setDouble(at++, span);
        select.setDouble(at++, span);
      }
      select.setBoolean(at++, run.isComplete());
      select.setString(at, run.runId());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        String runId = row.getString(1);
        return ProfileBytes.parse(row.getBytes(2))
            .map(profile -> new Baseline(runId, profile))
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
            update.setString(2, verdict == GateVerdict.FORCED ? reason : null);
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
              forgetOld(connection, model.getKey(), run.isIncrement());
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
      insert.setLong(5, profile.oldestMicros());
      insert.setLong(6, profile.newestMicros());
      insert.setBytes(7, ProfileBytes.of(profile));
      insert.executeUpdate();
    }
  }

  private static void forgetOld(Connection connection, String name, boolean isIncrement)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(FORGET_OLD)) {
      update.setString(1, name);
      update.setBoolean(2, isIncrement);
      update.setString(3, name);
      update.setBoolean(4, isIncrement);
      update.executeUpdate();
    }
  }

  /** What the gate said of a run; nothing when it was off, or has not been reached. */
  public Optional<GateVerdict> verdict(String runId) {
    return database.inTransaction(connection -> verdict(connection, runId));
  }

  static Optional<GateVerdict> verdict(Connection connection, String runId) throws SQLException {
    return text(connection, VERDICT, runId).map(GateVerdict::ofWord);
  }

  /** What the gate judged of a run. */
  public List<GateCheck> checks(String runId) {
    return database.inTransaction(
        connection -> text(connection, CHECKS, runId).map(ProfileJson::checks).orElse(List.of()));
  }

  /** What failed, in one line. */
  static String failedChecks(Connection connection, String runId) throws SQLException {
    return text(connection, CHECKS, runId).map(ProfileJson::checks).orElse(List.of()).stream()
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
