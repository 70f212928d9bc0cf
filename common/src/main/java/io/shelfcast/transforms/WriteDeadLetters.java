package io.shelfcast.transforms;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Origin;
import io.shelfcast.store.ScoreStore;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;

/**
 * Keeps rejected rows as dead letters, those of a batch in one transaction, and counts them in the
 * run ledger there. Tried again, it does nothing again, as {@link UpsertScores}. Rows that are dead
 * letters already (a replay) are seen once more instead.
 */
public final class WriteDeadLetters extends PTransform<PCollection<RejectedRows>, Written> {
  private static final long serialVersionUID = 1L;

  private final DatabaseConfig database;
  private final String runId;
  private final Origin origin;

  private WriteDeadLetters(DatabaseConfig database, String runId, Origin origin) {
    this.database = database;
    this.runId = runId;
    this.origin = origin;
  }

  /**
   * Into that database, accounted for in that run, which is in the ledger; but for a {@link
   * Origin#REFRESH refresh}, which is no run: its id is only what dead letters name.
   */
  public static WriteDeadLetters into(DatabaseConfig database, String runId, Origin origin) {
    return new WriteDeadLetters(database, runId, origin);
  }

  @Override
  public Written expand(PCollection<RejectedRows> input) {
    return new Written(
        input.apply(
            "Keep rows",
            ParDo.of(
                origin == Origin.REFRESH
                    ? new KeepRefreshRows(database, runId)
                    : new KeepRows(database, runId, origin))));
  }

  private static final class KeepRows extends DoFn<RejectedRows, RowCounts> {
    private static final long serialVersionUID = 1L;

    private final DatabaseConfig database;
    private final String runId;
    private final Origin origin;
    private final Counters counters = new Counters();

    KeepRows(DatabaseConfig database, String runId, Origin origin) {
      this.database = database;
      this.runId = runId;
      this.origin = origin;
    }

    @ProcessElement
    public void keep(@Element RejectedRows rejected, OutputReceiver<RowCounts> out) {
      ScoreStore store = new ScoreStore(Database.shared(database));
      RowCounts counts =
          origin == Origin.REPLAY
              ? store.rejectReplayed(runId, rejected)
              : store.reject(runId, rejected);
      counters.add(counts);
      out.output(counts);
    }
  }

  /**
   * Of a refresh: those of a bundle together, since each bad request comes on its own, and a flood
   * of them must not cost a transaction each.
   */
  private static final class KeepRefreshRows extends DoFn<RejectedRows, RowCounts> {
    private static final long serialVersionUID = 1L;

    private static final int MAX_ROWS = 500;

    private final DatabaseConfig database;
    private final String writer;
    private final Counters counters = new Counters();
    private transient List<RejectedRow> waiting = new ArrayList<>();

    KeepRefreshRows(DatabaseConfig database, String writer) {
      this.database = database;
      this.writer = writer;
    }

    @StartBundle
    public void start() {
      waiting = new ArrayList<>();
    }

    @ProcessElement
    public void keep(@Element RejectedRows rejected, OutputReceiver<RowCounts> out) {
      waiting.addAll(rejected.rows());
      if (waiting.size() >= MAX_ROWS) {
        out.output(write());
      }
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      if (!waiting.isEmpty()) {
        context.output(write(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
    }

    private RowCounts write() {
      RowCounts counts = new ScoreStore(Database.shared(database)).rejectRefreshed(writer, waiting);
      waiting.clear();
      counters.add(counts);
      return counts;
    }
  }
}
