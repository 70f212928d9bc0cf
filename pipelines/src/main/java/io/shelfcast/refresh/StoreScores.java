package io.shelfcast.refresh;

import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Origin;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.CommitListener;
import io.shelfcast.transforms.OnUnknownModel;
import io.shelfcast.transforms.TagModelVersion;
import io.shelfcast.transforms.UpsertScores;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/**
 * The shared way of scores that keep to the row rules into the database: tagged, upserted. Gives
 * those that are rejected.
 */
final class StoreScores extends PTransform<PCollection<ScoreBatch>, PCollection<RejectedRows>> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final String writer;
  private final CommitListener commits;

  private StoreScores(DatabaseConfig database, String writer, CommitListener commits) {
    this.database = database;
    this.writer = writer;
    this.commits = commits;
  }

  static StoreScores into(DatabaseConfig database, String writer, CommitListener commits) {
    return new StoreScores(database, writer, commits);
  }

  @Override
  public PCollection<RejectedRows> expand(PCollection<ScoreBatch> scores) {
    Checked<TaggedScores> tagged =
        scores.apply("Tag model version", TagModelVersion.from(database, OnUnknownModel.reject));
    tagged
        .accepted()
        .apply(
            "Upsert scores",
            UpsertScores.into(database, writer, Origin.REFRESH).tellingOfCommits(commits));
    return tagged.rejected();
  }
}
