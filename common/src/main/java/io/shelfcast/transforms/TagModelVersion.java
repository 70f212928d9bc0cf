package io.shelfcast.transforms;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.quality.Rejection;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.ModelRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Looks each batch's model version up in the registry and puts its number on the batch. Rows of a
 * retired version are rejected; of an unknown one as {@link OnUnknownModel} says.
 *
 * <p>The registry is asked once a bundle and model version, so a change of it is followed within a
 * bundle.
 */
public final class TagModelVersion
    extends PTransform<PCollection<ScoreBatch>, Checked<TaggedScores>> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<TaggedScores> ACCEPTED = new TupleTag<>("accepted") {};
  private static final TupleTag<RejectedRows> REJECTED = new TupleTag<>("rejected") {};

  private final DatabaseConfig database;
  private final OnUnknownModel onUnknownModel;

  private TagModelVersion(DatabaseConfig database, OnUnknownModel onUnknownModel) {
    this.database = database;
    this.onUnknownModel = onUnknownModel;
  }

  /** By the registry of that database. */
  public static TagModelVersion from(DatabaseConfig database, OnUnknownModel onUnknownModel) {
    return new TagModelVersion(database, onUnknownModel);
  }

  @Override
  public Checked<TaggedScores> expand(PCollection<ScoreBatch> input) {
    return Checked.of(
        input.apply(
            "Look up model version",
            ParDo.of(new LookUp(database, onUnknownModel))
                .withOutputTags(ACCEPTED, TupleTagList.of(REJECTED))),
        ACCEPTED,
        TaggedScoresCoder.of(),
        REJECTED);
  }

  private static final class LookUp extends DoFn<ScoreBatch, TaggedScores> {
    private static final long serialVersionUID = 1L;

    private final DatabaseConfig config;
    private final OnUnknownModel onUnknownModel;
    private transient Map<String, Optional<ModelVersion>> found = new HashMap<>();

    LookUp(DatabaseConfig config, OnUnknownModel onUnknownModel) {
      this.config = config;
      this.onUnknownModel = onUnknownModel;
    }

    @StartBundle
    public void forget() {
      found = new HashMap<>();
    }

    @ProcessElement
    public void tag(@Element ScoreBatch batch, MultiOutputReceiver out) {
      String name = batch.modelVersion();
      Optional<ModelVersion> version = found.computeIfAbsent(name, this::lookUp);
      if (version.isEmpty()) {
        out.get(REJECTED).output(rejected(batch, new Rejection.ModelVersionUnknown(name)));
      } else if (version.get().status() == ModelStatus.RETIRED) {
        out.get(REJECTED).output(rejected(batch, new Rejection.ModelVersionRetired(name)));
      } else {
        out.get(ACCEPTED).output(new TaggedScores(version.get().id(), batch));
      }
    }

    private Optional<ModelVersion> lookUp(String name) {
      ModelRegistry registry = new ModelRegistry(Database.shared(config));
      return onUnknownModel == OnUnknownModel.register
          ? Optional.of(registry.findOrRegister(name))
          : registry.find(name);
    }

    /**
     * Under the batch's own id, unlike single rows: should a retry find the registry changed and
     * let the batch pass, then only one of the two is applied and counted.
     */
    private static RejectedRows rejected(ScoreBatch batch, Rejection why) {
      List<RejectedRow> rows = new ArrayList<>(batch.size());
      for (int row = 0; row < batch.size(); row++) {
        rows.add(why.rejectedRow(batch, row));
      }
      return new RejectedRows(batch.id(), rows);
    }
  }
}
