package io.shelfcast.refresh;

import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Origin;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.CommitListener;
import io.shelfcast.transforms.OnUnknownModel;
import io.shelfcast.transforms.RulesSource;
import io.shelfcast.transforms.TagModelVersion;
import io.shelfcast.transforms.UpsertScores;
import io.shelfcast.transforms.ValidateScores;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/** The shared way of scores into the database: validated, tagged, upserted. Gives the rejected. */
final class StoreScores extends PTransform<PCollection<ScoreBatch>, PCollection<RejectedRows>> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final String writer;
  private final RulesSource rules;
  private final CommitListener commits;

  private StoreScores(
      DatabaseConfig database, String writer, RulesSource rules, CommitListener commits) {
    this.database = database;
    this.writer = writer;
    this.rules = rules;
    this.commits = commits;
  }

  static StoreScores into(
      DatabaseConfig database, String writer, RulesSource rules, CommitListener commits) {
    return new StoreScores(database, writer, rules, commits);
  }

  @Override
  public PCollection<RejectedRows> expand(PCollection<ScoreBatch> scores) {
    Checked<ScoreBatch> valid = scores.apply("Validate scores", ValidateScores.with(rules));
    Checked<TaggedScores> tagged =
        valid
            .accepted()
            .apply("Tag model version", TagModelVersion.from(database, OnUnknownModel.reject));
    tagged
        .accepted()
        .apply(
            "Upsert scores",
            UpsertScores.into(database, writer, Origin.REFRESH).tellingOfCommits(commits));
    return PCollectionList.of(valid.rejected())
        .and(tagged.rejected())
        .apply("Rejected scores", Flatten.pCollections());
  }
}
