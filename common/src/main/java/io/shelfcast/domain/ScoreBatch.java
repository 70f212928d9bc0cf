package io.shelfcast.domain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Scores of one model version, as columns: the element that the pipelines carry. One object for
 * some thousands of rows costs a runner what one row costs it otherwise; docs/decisions has the
 * measurement.
 *
 * <p>A batch knows where it came from: its {@link #id()} is the same whenever the same rows are
 * read again, which is what makes counting exact under retries, and each row keeps its {@link
 * #position(int)} in the {@link #source()}.
 *
 * <p>Immutable once built.
 */
public final class ScoreBatch {

  private final UUID id;
  private final String source;
  private final String modelVersion;
  private final int size;
  private final long[] positions;
  private final long[] storeIds;
  private final long[] productIds;
  private final double[] scores;
  private final long[] scoredAtMicros;
  private final long @Nullable [] requestedAtMicros;

  private ScoreBatch(
      UUID id,
      String source,
      String modelVersion,
      int size,
      long[] positions,
      long[] storeIds,
      long[] productIds,
      double[] scores,
      long[] scoredAtMicros,
      long @Nullable [] requestedAtMicros) {
    this.id = id;
    this.source = source;
    this.modelVersion = modelVersion;
    this.size = size;
    this.positions = positions;
    this.storeIds = storeIds;
    this.productIds = productIds;
    this.scores = scores;
    this.scoredAtMicros = scoredAtMicros;
    this.requestedAtMicros = requestedAtMicros;
  }

  /**
   * A builder of batches that come from one source, for one model version.
   *
   * @param capacity the greatest number of rows of a batch
   */
  public static Builder builder(String source, String modelVersion, int capacity) {
    return new Builder(source, modelVersion, capacity);
  }

  /**
   * A batch of columns, which it takes over: nobody may change them afterwards.
   *
   * @param requestedAtMicros when each score was asked for; null: they were not asked for
   */
  public static ScoreBatch ofColumns(
      UUID id,
      String source,
      String modelVersion,
      long[] positions,
      long[] storeIds,
      long[] productIds,
      double[] scores,
      long[] scoredAtMicros,
      long @Nullable [] requestedAtMicros) {
    return new ScoreBatch(
        id,
        source,
        modelVersion,
        positions.length,
        positions,
        storeIds,
        productIds,
        scores,
        scoredAtMicros,
        requestedAtMicros);
  }

  /**
   * Names a batch after where its rows stand, so that whoever reads the same rows again gives them
   * the same id: a hash of the source, of the place in it, and of the model version.
   */
  public static UUID idOf(String source, String place, String modelVersion) {
    return UUID.nameUUIDFromBytes(
        (source + '\n' + place + '\n' + modelVersion).getBytes(StandardCharsets.UTF_8));
  }

  /** Which rows these are: the same for the same rows read again. */
  public UUID id() {
    return id;
  }

  /** The file, topic partition or table that the rows were read from. */
  public String source() {
    return source;
  }

  /** The name of the model version that made every score of this batch. */
  public String modelVersion() {
    return modelVersion;
  }

  /** The number of rows. */
  public int size() {
    return size;
  }

  /** The row's place in the source: a line, a row number, an offset or an id. */
  public long position(int row) {
    return positions[row];
  }

  /** The store of the row's item. */
  public long storeId(int row) {
    return storeIds[row];
  }

  /** The product of the row's item. */
  public long productId(int row) {
    return productIds[row];
  }

  /** The probability that the row's item is in stock. */
  public double score(int row) {
    return scores[row];
  }

  /** When the model made the row's score, in microseconds since 1970 (UTC). */
  public long scoredAtMicros(int row) {
    return scoredAtMicros[row];
  }

  /**
   * Whether the scores were asked for by refresh requests; such a score can be asked for again,
   * where another one can only be read again.
   */
  public boolean isRequested() {
    return requestedAtMicros != null;
  }

  /**
   * When the row's score was asked for, in microseconds since 1970 (UTC).
   *
   * @throws IllegalStateException when it was not asked for
   */
  public long requestedAtMicros(int row) {
    if (requestedAtMicros == null) {
      throw new IllegalStateException("nobody asked for the scores of " + this);
    }
    return requestedAtMicros[row];
  }

  /** The given rows, in the given order, as a batch with the same id. */
  public ScoreBatch select(int[] rows) {
    Builder builder = new Builder(source, modelVersion, rows.length);
    for (int row : rows) {
      builder.add(positions[row], storeIds[row], productIds[row], scores[row], scoredAtMicros[row]);
      if (requestedAtMicros != null) {
        builder.requestedAt(requestedAtMicros[row]);
      }
    }
    return builder.build(id);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoreBatch that
        && id.equals(that.id)
        && source.equals(that.source)
        && modelVersion.equals(that.modelVersion)
        && size == that.size
        && Arrays.equals(positions, 0, size, that.positions, 0, size)
        && Arrays.equals(storeIds, 0, size, that.storeIds, 0, size)
        && Arrays.equals(productIds, 0, size, that.productIds, 0, size)
        && Arrays.equals(scores, 0, size, that.scores, 0, size)
        && Arrays.equals(scoredAtMicros, 0, size, that.scoredAtMicros, 0, size)
        && equal(requestedAtMicros, that.requestedAtMicros, size);
  }

  private static boolean equal(long @Nullable [] some, long @Nullable [] others, int size) {
    if (some == null || others == null) {
      return some == null && others == null;
    }
    return Arrays.equals(some, 0, size, others, 0, size);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "ScoreBatch[" + size + " rows of " + modelVersion + " from " + source + "]";
  }

  /** Collects rows; not for several threads. */
  public static final class Builder {
    private final String source;
    private final String modelVersion;
    private final int capacity;
    private int size;
    private long[] positions;
    private long[] storeIds;
    private long[] productIds;
    private double[] scores;
    private long[] scoredAtMicros;
    private long @Nullable [] requestedAtMicros;

    private Builder(String source, String modelVersion, int capacity) {
      this.source = source;
      this.modelVersion = modelVersion;
      this.capacity = capacity;
      int initial = Math.min(capacity, 256);
      this.positions = new long[initial];
      this.storeIds = new long[initial];
      this.productIds = new long[initial];
      this.scores = new double[initial];
      this.scoredAtMicros = new long[initial];
    }

    /** Takes a row as it is; that it is a good one is for the row rules to say. */
    public void add(
        long position, long storeId, long productId, double score, long scoredAtMicros) {
      if (size == positions.length) {
        grow();
      }
      positions[size] = position;
      storeIds[size] = storeId;
      productIds[size] = productId;
      scores[size] = score;
      this.scoredAtMicros[size] = scoredAtMicros;
      size++;
    }

    /** Says when the row added last was asked for: of each row of the batch, or of none. */
    public void requestedAt(long micros) {
      if (requestedAtMicros == null) {
        requestedAtMicros = new long[scoredAtMicros.length];
      }
      requestedAtMicros[size - 1] = micros;
    }

    /** The model version of the rows. */
    public String modelVersion() {
      return modelVersion;
    }

    /** The number of rows so far. */
    public int size() {
      return size;
    }

    /** Whether the batch has its greatest size. */
    public boolean isFull() {
      return size >= capacity;
    }

    /** The batch; the builder is spent. */
    public ScoreBatch build(UUID id) {
      return new ScoreBatch(
          id,
          source,
          modelVersion,
          size,
          positions,
          storeIds,
          productIds,
          scores,
          scoredAtMicros,
          requestedAtMicros);
    }

    private void grow() {
      int length = Math.max(Math.min(capacity, size * 2), size + 1);
      positions = Arrays.copyOf(positions, length);
      storeIds = Arrays.copyOf(storeIds, length);
      productIds = Arrays.copyOf(productIds, length);
      scores = Arrays.copyOf(scores, length);
      scoredAtMicros = Arrays.copyOf(scoredAtMicros, length);
      if (requestedAtMicros != null) {
        requestedAtMicros = Arrays.copyOf(requestedAtMicros, length);
      }
    }
  }
}
