package io.shelfcast.local.model;

import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.fullsync.ScoreFileReader;
import io.shelfcast.quality.RowRules;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Scores that a model made earlier and wrote to files. */
final class FileScores implements ModelScores {
  private static final ItemScores NONE = (storeId, productId) -> Float.NaN;

  private final Map<String, NewestScores> byModelVersion;

  private FileScores(Map<String, NewestScores> byModelVersion) {
    this.byModelVersion = byModelVersion;
  }

  static FileScores read(List<String> globs, Set<String> modelVersions, Instant now)
      throws IOException {
    Map<String, NewestScores> byModelVersion = new HashMap<>();
    RowRules rules = RowRules.asOf(now, Duration.ZERO);
    ScoreFileReader.read(
        globs,
        rules,
        batch -> {
          if (modelVersions.isEmpty() || modelVersions.contains(batch.modelVersion())) {
            add(
                batch,
                rules,
                byModelVersion.computeIfAbsent(batch.modelVersion(), name -> new NewestScores()));
          }
        });
    return new FileScores(byModelVersion);
  }

  private static void add(ScoreBatch batch, RowRules rules, NewestScores scores) {
    for (int row = 0; row < batch.size(); row++) {
      if (rules.check(batch, row) == null) {
        scores.add(
            batch.storeId(row),
            batch.productId(row),
            (float) batch.score(row),
            batch.scoredAtMicros(row));
      }
    }
  }

  @Override
  public boolean knows(String modelVersion) {
    return byModelVersion.containsKey(modelVersion);
  }

  @Override
  public ItemScores at(String modelVersion, Instant now) {
    NewestScores scores = byModelVersion.get(modelVersion);
    return scores == null ? NONE : scores;
  }
}
