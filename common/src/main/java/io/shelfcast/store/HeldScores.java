package io.shelfcast.store;

import io.shelfcast.domain.ScoreBatch;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * What a partition holds for the keys of a batch, read ahead of the write, so that rows which would
 * not change anything cost a read and no write.
 *
 * <p>Between this read and the write others may write. That does no harm: rows only ever give way
 * to greater ones, so what would change nothing now would change nothing then; and what is written
 * is guarded again where it is written. Nor do those who delete rows for their age: a row that had
 * to give way to one of them is as old, or was not worth a write beside it.
 *
 * <p>Reads one range of the key, from the batch's first to its last, which is a fraction of the
 * cost of looking each key up, as long as the batch has most of what stands in between. So it gives
 * up after twice as many rows as it has keys; those past that point are {@link #UNKNOWN}. Where
 * that happens, the next batches will hardly be other, and most of them are not read ahead of at
 * all.
 */
final class HeldScores {

  /** The key stands in the table with a lesser row. */
  static final short LESSER = 1;

  /** The key does not stand in the table. */
  static final short ABSENT = 2;

  /** Not found out. */
  static final short UNKNOWN = 3;

  /** The row would change nothing. */
  private static final short AT_LEAST_AS_GREAT = 0;

  private static final int HEADER_BYTES = CopyRows.SIGNATURE.length + 4 + 4;

  /** Batches to the same partition that are not read ahead of, after one that had too few keys. */
  private static final int SKIPPED = 15;

  private static final ConcurrentMap<Place, AtomicInteger> TO_SKIP = new ConcurrentHashMap<>();

  private record Place(DatabaseConfig database, Partition partition) {}

  private final ScoreBatch batch;
  private final Materiality materiality;
  private final int[] rows;
  private final short[] found;
  private int next;

  private HeldScores(ScoreBatch batch, Materiality materiality, int[] rows) {
    this.batch = batch;
    this.materiality = materiality;
    this.rows = rows;
    this.found = new short[rows.length];
  }

  /** Rows of a batch to write, in the order of their keys, and what was found for each. */
  static final class Changes {
    private final int[] rows;
    private final short[] found;

    private Changes(int[] rows, short[] found) {
      this.rows = rows;
      this.found = found;
    }

    /** Row numbers of the batch. */
    int[] rows() {
      return rows;
    }

    short found(int i) {
      return found[i];
    }

    boolean any(short what, int from, int to) {
      return count(what, from, to) > 0;
    }

    int count(short what, int from, int to) {
      int count = 0;
      for (int i = from; i < to; i++) {
        if (found[i] == what) {
          count++;
        }
      }
      return count;
    }
  }

  /**
   * The rows that may change something.
   *
   * @param rows row numbers of the batch in the order of their keys, each key once
   */
  static Changes changes(
      Connection connection,
      DatabaseConfig database,
      Partition partition,
      ScoreBatch batch,
      int[] rows,
      Materiality materiality)
      throws SQLException {
    HeldScores held = new HeldScores(batch, materiality, rows);
    AtomicInteger toSkip =
        TO_SKIP.computeIfAbsent(new Place(database, partition), place -> new AtomicInteger());
    if (toSkip.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      Arrays.fill(held.found, UNKNOWN);
    } else if (!held.read(connection, partition)) {
      toSkip.set(SKIPPED);
    }
    return held.changes();
  }

  /** Returns whether it could read all that stands between the keys. */
  private boolean read(Connection connection, Partition partition) throws SQLException {
    int first = rows[0];
    int last = rows[rows.length - 1];
    long limit = 2L * rows.length + 100;
    // Numbers only, and COPY takes no parameters.
    String select =
        """
        COPY (
          SELECT store_id, product_id, scored_at, score FROM %s
          WHERE (model_version_id, store_id, product_id) >= (%d::smallint, %d::bigint, %d::bigint)
            AND (model_version_id, store_id, product_id) <= (%2$d::smallint, %d::bigint, %d::bigint)
          ORDER BY model_version_id, store_id, product_id
          LIMIT %d
        ) TO STDOUT (FORMAT binary)"""
            .formatted(
                partition.table(),
                partition.modelVersionId(),
                batch.storeId(first),
                batch.productId(first),
                batch.storeId(last),
                batch.productId(last),
                limit);
    CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(select);
    long read = 0;
    try {
      byte[] message = copy.readFromCopy();
      if (message != null) {
        ByteBuffer row = ByteBuffer.wrap(message).position(HEADER_BYTES);
        while (row.getShort() == 4) {
          read++;
          compare(row);
          // A message for each row; the header comes with the first, the end on its own.
          row = ByteBuffer.wrap(Objects.requireNonNull(copy.readFromCopy()));
        }
      }
      while (copy.isActive()) {
        copy.readFromCopy();
      }
    } catch (SQLException | RuntimeException e) {
      // As CopyRows.close does, and for the same reason.
      if (copy.isActive()) {
        try {
          copy.cancelCopy();
        } catch (SQLException gone) {
          e.addSuppressed(gone);
        }
      }
      throw e;
    }
    Arrays.fill(found, next, rows.length, read < limit ? ABSENT : UNKNOWN);
    return read < limit;
  }

  /** Both sides come in the order of the key. */
  private void compare(ByteBuffer row) {
    row.getInt();
    long storeId = row.getLong();
    row.getInt();
    long productId = row.getLong();
    row.getInt();
    long scoredAtMicros = row.getLong() + CopyRows.YEAR_2000_MICROS;
    row.getInt();
    float score = row.getFloat();
    while (next < rows.length) {
      int order = Long.compare(batch.storeId(rows[next]), storeId);
      if (order == 0) {
        order = Long.compare(batch.productId(rows[next]), productId);
      }
      if (order > 0) {
        return;
      }
      if (order == 0) {
        found[next] = isChange(rows[next], scoredAtMicros, score) ? LESSER : AT_LEAST_AS_GREAT;
        next++;
        return;
      }
      found[next++] = ABSENT;
    }
  }

  private boolean isChange(int row, long heldMicros, float heldScore) {
    long newer = batch.scoredAtMicros(row) - heldMicros;
    float score = (float) batch.score(row);
    return (newer > 0 || (newer == 0 && score > heldScore))
        && (materiality.isAll() || materiality.isMaterial(heldScore, score, newer));
  }

  private Changes changes() {
    int[] kept = new int[rows.length];
    short[] what = new short[rows.length];
    int n = 0;
    for (int i = 0; i < rows.length; i++) {
      if (found[i] != AT_LEAST_AS_GREAT) {
        kept[n] = rows[i];
        what[n++] = found[i];
      }
    }
    return new Changes(Arrays.copyOf(kept, n), Arrays.copyOf(what, n));
  }
}
