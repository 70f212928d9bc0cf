package io.shelfcast.quality;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a whole input looks like, by model version: what the quality gate judges. Gathered in one
 * pass and mergeable. Not for several threads.
 */
public final class BatchProfile {

  /** What rejected rows are counted under that do not say of which model version they are. */
  public static final String UNKNOWN = "?";

  /** To show what is wrong: a refused run writes no dead letters. */
  private static final int EXAMPLES_PER_REASON = 3;

  /** Only an input with something else for model versions has more; those count as unknown. */
  private static final int MAX_MODELS = 100;

  final SortedMap<String, ModelProfile> models = new TreeMap<>();
  final SortedMap<String, List<String>> examples = new TreeMap<>();

  /** Nothing yet. */
  public BatchProfile() {}

  /** Of rows that are taken in. */
  public static BatchProfile of(ScoreBatch batch) {
    BatchProfile profile = new BatchProfile();
    profile.add(batch);
    return profile;
  }

  /** Of rows that are not. */
  public static BatchProfile of(RejectedRows rejected) {
    BatchProfile profile = new BatchProfile();
    profile.add(rejected);
    return profile;
  }

  /** The profile of each model version that the input has rows of, {@link #UNKNOWN} perhaps. */
  public Map<String, ModelProfile> models() {
    return Collections.unmodifiableSortedMap(models);
  }

  /** For each reason why rows were rejected, what some of them are. */
  public Map<String, List<String>> examples() {
    return Collections.unmodifiableSortedMap(examples);
  }

  /** All rows, rejected ones too. */
  public long rows() {
    return models.values().stream().mapToLong(model -> model.rows() + model.rejected()).sum();
  }

  /** Rejected rows. */
  public long rejected() {
    return models.values().stream().mapToLong(ModelProfile::rejected).sum();
  }

  /** Rows that are taken in. */
  public void add(ScoreBatch batch) {
    of(batch.modelVersion()).add(batch);
  }

  /** Rows that are not. */
  public void add(RejectedRows rejected) {
    for (RejectedRow row : rejected.rows()) {
      of(modelVersion(row)).reject(row.reason());
      addExample(row.reason(), "%s, %d: %s".formatted(row.source(), row.position(), row.detail()));
    }
  }

  /** What another one has seen as well. */
  public void merge(BatchProfile other) {
    other.models.forEach((name, model) -> of(name).merge(model));
    other.examples.forEach((reason, some) -> some.forEach(example -> addExample(reason, example)));
  }

  private ModelProfile of(String modelVersion) {
    String known =
        models.size() < MAX_MODELS || models.containsKey(modelVersion) ? modelVersion : UNKNOWN;
    return models.computeIfAbsent(known, name -> new ModelProfile());
  }

  private static String modelVersion(RejectedRow row) {
    Map<String, ?> values = RowPayload.parse(row.payload());
    Object name = values == null ? null : values.get(Column.MODEL_VERSION.word());
    // Not any text: it becomes a row of the ledger.
    return name != null && ModelVersion.isValidName(name.toString()) ? name.toString() : UNKNOWN;
  }

  private void addExample(String reason, String example) {
    List<String> some = examples.computeIfAbsent(reason, word -> new ArrayList<>());
    if (some.size() < EXAMPLES_PER_REASON) {
      some.add(example);
    }
  }
}
