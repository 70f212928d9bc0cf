package io.shelfcast.transforms;

import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.quality.BatchProfile;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.quality.GateVerdict;
import io.shelfcast.quality.QualityGate;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.RunProfiles;
import java.util.List;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Takes the profile of all rows of a run, holds it against the runs before ({@link QualityGate}),
 * writes what it finds into the run ledger, and says whether the run may go on: one element.
 *
 * <p><b>Cost.</b> One pass over the batches as they come by. In memory, for each model version on
 * each thread, some tens of kilobytes and about 50 bytes for each store.
 *
 * <p><b>A retry</b> gives the verdict that stands in the ledger.
 */
public final class JudgeInput
    extends PTransform<PCollectionList<BatchProfile>, PCollection<Boolean>> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final String runId;
  private final GateSettings settings;

  private JudgeInput(DatabaseConfig database, String runId, GateSettings settings) {
    this.database = database;
    this.runId = runId;
    this.settings = settings;
  }

  /** For that run, which is in the ledger of that database. */
  public static JudgeInput of(DatabaseConfig database, String runId, GateSettings settings) {
    return new JudgeInput(database, runId, settings);
  }

  /** What the rows of each batch look like. */
  public static PCollection<BatchProfile> profile(PCollection<TaggedScores> scores) {
    return profiles("Profile scores", scores, batch -> BatchProfile.of(batch.scores()));
  }

  /** Which rows were rejected, and why. */
  public static PCollection<BatchProfile> profileRejected(PCollection<RejectedRows> rejected) {
    return profiles("Profile rejected rows", rejected, BatchProfile::of);
  }

  private static <T> PCollection<BatchProfile> profiles(
      String step, PCollection<T> rows, SerializableFunction<T, BatchProfile> profile) {
    return rows.apply(step, MapElements.into(TypeDescriptor.of(BatchProfile.class)).via(profile))
        .setCoder(BatchProfileCoder.of());
  }

  /** Takes the profiles of all batches, and of all rejected rows. */
  @Override
  public PCollection<Boolean> expand(PCollectionList<BatchProfile> profiles) {
    return profiles
        .and(
            profiles
                .getPipeline()
                .apply(
                    "Even if nothing",
                    Create.of(new BatchProfile()).withCoder(BatchProfileCoder.of())))
        .apply("All profiles", Flatten.pCollections())
        .apply("Merge profiles", Combine.globally(new MergeProfiles()).withoutDefaults())
        .apply("Judge profile", ParDo.of(new Judge(database, runId, settings)))
        .setCoder(BooleanCoder.of());
  }

  private static final class MergeProfiles
      extends Combine.CombineFn<BatchProfile, BatchProfile, BatchProfile> {
    private static final long serialVersionUID = 1L;

    @Override
    public BatchProfile createAccumulator() {
      return new BatchProfile();
    }

    @Override
    public BatchProfile addInput(BatchProfile merged, BatchProfile profile) {
      merged.merge(profile);
      return merged;
    }

    @Override
    public BatchProfile mergeAccumulators(Iterable<BatchProfile> profiles) {
      BatchProfile merged = new BatchProfile();
      profiles.forEach(merged::merge);
      return merged;
    }

    @Override
    public BatchProfile extractOutput(BatchProfile merged) {
      return merged;
    }

    @Override
    public Coder<BatchProfile> getAccumulatorCoder(
        CoderRegistry registry, Coder<BatchProfile> inputCoder) throws CannotProvideCoderException {
      return BatchProfileCoder.of();
    }

    @Override
    public Coder<BatchProfile> getDefaultOutputCoder(
        CoderRegistry registry, Coder<BatchProfile> inputCoder) throws CannotProvideCoderException {
      return BatchProfileCoder.of();
    }
  }

  private static final class Judge extends DoFn<BatchProfile, Boolean> {
    private static final long serialVersionUID = 1L;

    private final DatabaseConfig database;
    private final String runId;
    private final GateSettings settings;

    Judge(DatabaseConfig database, String runId, GateSettings settings) {
      this.database = database;
      this.runId = runId;
      this.settings = settings;
    }

    @ProcessElement
    public void judge(@Element BatchProfile profile, OutputReceiver<Boolean> out) {
      RunProfiles ledger = new RunProfiles(Database.shared(database));
      GateVerdict verdict = ledger.verdict(runId).orElse(null);
      out.output((verdict == null ? judge(profile, ledger) : verdict) != GateVerdict.REFUSED);
    }

    private GateVerdict judge(BatchProfile profile, RunProfiles ledger) {
      RunProfiles.Judged run =
          new RunProfiles.Judged(runId, settings.extent(), settings.limits().minRows());
      List<GateCheck> checks =
          QualityGate.judge(
              profile,
              model -> ledger.baselines(run, model, profile.models().get(model)),
              settings.modelVersion(),
              settings.extent(),
              settings.limits(),
              settings.asOf());
      GateVerdict verdict = settings.verdict(checks);
      return ledger.record(run, profile, checks, verdict, settings.forcedBecause())
          ? verdict
          : ledger.verdict(runId).orElseThrow();
    }
  }
}
