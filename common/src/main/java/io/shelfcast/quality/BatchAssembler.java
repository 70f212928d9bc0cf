package io.shelfcast.quality;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the rows of one part of a source, in their order, into batches: of one model version each,
 * and of rejected rows beside them.
 *
 * <p>The same rows in the same order give the same batches with the same ids, however often they
 * are read. Rows of many model versions in turn do not pile up: there are only so many open
 * batches. Not for several threads.
 */
public final class BatchAssembler {

  /**
   * Of rows that stand nowhere, as those of a table: which one it was, its item says. The same for
   * all, so that a bad row that comes back is the same dead letter.
   */
  public static final long NO_POSITION = 0;

  private static final int MAX_OPEN_BATCHES = 16;
  private static final int MAX_REJECTED_ROWS = 1000;

  private final String source;
  private final String part;
  private final int batchSize;
  private final Consumer<ScoreBatch> batches;
  private final Consumer<RejectedRows> rejections;

  private final Map<String, ScoreBatch.Builder> open = new LinkedHashMap<>();
  private final List<RejectedRow> rejected = new ArrayList<>();
  private ScoreBatch.@Nullable Builder last;
  private int emitted;
  private long rows;

  /**
   * @param source the file or table that the rows are from
   * @param part which part of it; with the source it makes the batches' ids
   * @param batchSize the greatest number of rows of a batch
   * @param batches takes the batches of rows that can go on
   * @param rejections takes those that cannot
   */
  public BatchAssembler(
      String source,
      String part,
      int batchSize,
      Consumer<ScoreBatch> batches,
      Consumer<RejectedRows> rejections) {
    this.source = source;
    this.part = part;
    this.batchSize = batchSize;
    this.batches = batches;
    this.rejections = rejections;
  }

  /** Adds a row that can go on. */
  public void accept(
      long position,
      String modelVersion,
      long storeId,
      long productId,
      double score,
      long scoredAtMicros) {
    ScoreBatch.Builder builder = last;
    if (builder == null || !builder.modelVersion().equals(modelVersion)) {
      builder = builderOf(modelVersion);
      last = builder;
    }
    builder.add(position, storeId, productId, score, scoredAtMicros);
    rows++;
    if (builder.isFull()) {
      emit(builder);
      open.remove(modelVersion);
      last = null;
    }
  }

  /** Adds a row that cannot. */
  public void reject(long position, String payload, Rejection why) {
    rejected.add(new RejectedRow(source, position, payload, why.reason(), why.detail()));
    rows++;
    if (rejected.size() == MAX_REJECTED_ROWS) {
      emitRejected();
    }
  }

  /** Gives out what is left. */
  public void finish() {
    emitAll();
    emitRejected();
  }

  /** The rows taken so far. */
  public long rows() {
    return rows;
  }

  private ScoreBatch.Builder builderOf(String modelVersion) {
    if (open.size() == MAX_OPEN_BATCHES && !open.containsKey(modelVersion)) {
      emitAll();
    }
    return open.computeIfAbsent(modelVersion, name -> ScoreBatch.builder(source, name, batchSize));
  }

  private void emitAll() {
    open.values().forEach(this::emit);
    open.clear();
    last = null;
  }

  private void emit(ScoreBatch.Builder builder) {
    String place = part + '/' + emitted++;
    batches.accept(builder.build(ScoreBatch.idOf(source, place, builder.modelVersion())));
  }

  private void emitRejected() {
    if (!rejected.isEmpty()) {
      String place = part + '/' + emitted++;
      rejections.accept(new RejectedRows(ScoreBatch.idOf(source, place, "rejected"), rejected));
      rejected.clear();
    }
  }
}
