package io.shelfcast.local;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.quality.GateVerdict;
import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.AbandonedRun;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.DatabaseException;
import io.shelfcast.store.DeadLetters;
import io.shelfcast.store.Removal;
import io.shelfcast.store.RunCost;
import io.shelfcast.store.RunLedger;
import io.shelfcast.store.RunProfiles;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.RunSummary;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells on standard error how a run goes: on a terminal in one line that changes, otherwise a line
 * every few seconds; and in the end what became of the rows.
 */
final class Progress implements RunListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

  private final String title;
  private final DatabaseConfig config;
  private final PrintWriter err;

  /** The launcher knows whether standard error is one. */
  private final boolean terminal = Boolean.getBoolean("shelfcast.terminal");

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });

  private volatile @Nullable String runId;
  private volatile boolean ended;
  private Cleanup.@Nullable Task onExit;
  private @Nullable Future<?> ticks;

  Progress(String title, DatabaseConfig config, PrintWriter err) {
    this.title = title;
    this.config = config;
    this.err = err;
  }

  @Override
  public void abandonedRunFound(AbandonedRun run) {
    err.printf(
        "found run %s of %s (%s), which never ended: its process is gone. It is marked as failed;"
            + " the %,d rows that it accounted for stay, and running it again does no harm.%n",
        run.runId(), run.startedAt(), run.startedBy(), run.counts().read());
    err.flush();
  }

  @Override
  public void leftoversDropped(List<String> tables) {
    err.printf(
        "dropped what a snapshot that never came to be had left behind: %s%n",
        String.join(", ", tables));
    err.flush();
  }

  @Override
  public void retiredDropped(Removal removal) {
    if (removal.failure() == null) {
      err.printf(
          "dropped the %,d scores of model version %s, which was retired long enough ago (run %s)%n",
          removal.removed(), removal.modelVersion(), removal.runId());
    } else {
      err.printf(
          "the scores of model version %s, which was retired long enough ago, are not dropped: %s%n",
          removal.modelVersion(), removal.failure().getMessage());
    }
    err.flush();
  }

  @Override
  public void decided(String what) {
    err.println(title + ": " + what);
    err.flush();
  }

  @Override
  public void started(String id) {
    runId = id;
    onExit = failOnExit(config, id);
    err.printf("%s: run %s%n", title, id);
    err.flush();
    long seconds = terminal ? 1 : 5;
    ticks = ticker.scheduleWithFixedDelay(this::tick, seconds, seconds, TimeUnit.SECONDS);
  }

  /** So that the ledger tells of a run whose process was told to end. */
  static Cleanup.Task failOnExit(DatabaseConfig config, String runId) {
    return Cleanup.onExit(
        () ->
            new RunLedger(Database.shared(config))
                .fail(runId, "interrupted: its process was told to end"));
  }

  private void tick() {
    String id = runId;
    if (id == null) {
      return;
    }
    try {
      new RunLedger(Database.shared(config)).find(id).ifPresent(this::show);
    } catch (DatabaseException e) {
      // Only a display: the run itself tells when the database is really gone.
      LOG.debug("no progress to show", e);
    }
  }

  private void show(RunSummary run) {
    if (ended) {
      return;
    }
    RowCounts counts = run.counts();
    err.printf(
        "%s%s: %,d rows read, %,d written, %,d rejected, %,.0f rows/s, %.0f s%s",
        terminal ? "\r\u001b[K" : "",
        title,
        counts.read(),
        counts.inserted() + counts.updated(),
        counts.rejected(),
        counts.read() / Math.max(run.seconds(), 0.001),
        run.seconds(),
        terminal ? "" : System.lineSeparator());
    err.flush();
  }

  void finished(RunResult result) {
    stopTicking();
    RunSummary run = result.summary();
    if (terminal) {
      err.print("\r\u001b[K");
    }
    if (run.status() == RunStatus.REFUSED) {
      err.printf(
          "%s refused by the quality gate after %.1f s; no score was written%n",
          title, run.seconds());
    } else {
      tellCounts(run);
    }
    if (run.gate() != null && run.gate() != GateVerdict.PASSED) {
      tellFailedChecks(run, run.gate());
    }
    err.flush();
  }

  private void tellCounts(RunSummary run) {
    RowCounts counts = run.counts();
    err.printf(
        "%s %s in %.1f s: %,d rows read (%,.0f a second), %,d inserted, %,d updated, %,d kept, %,d"
            + " rejected%n",
        title,
        run.status().word(),
        run.seconds(),
        counts.read(),
        counts.read() / Math.max(run.seconds(), 0.001),
        counts.inserted(),
        counts.updated(),
        counts.kept(),
        counts.rejected());
    RunSummary.Swap swap = run.swap();
    if (swap != null) {
      err.printf(
          "swapped in: %,d newer rows carried over from the old set, %,d of it removed%n",
          swap.carriedOver(), swap.removed());
    }
    if (run.status() == RunStatus.SUCCEEDED) {
      tellCost(run);
    }
    if (run.status() == RunStatus.FAILED) {
      err.printf("%s: %s%n", title, run.error());
    } else if (counts.rejected() > 0) {
      Map<String, Long> reasons =
          new DeadLetters(Database.shared(config)).countByReason(run.runId());
      err.printf(
          "rejected: %s; see ./shelfcast dead-letters list%n",
          reasons.entrySet().stream()
              .map(reason -> "%,d %s".formatted(reason.getValue(), reason.getKey()))
              .collect(Collectors.joining(", ")));
    }
  }

  private void tellFailedChecks(RunSummary run, GateVerdict verdict) {
    for (GateCheck check : new RunProfiles(Database.shared(config)).checks(run.runId())) {
      if (!check.passed()) {
        err.println("  " + check.line());
      }
    }
    err.printf(
        "%s See ./shelfcast runs show %s%n",
        switch (verdict) {
          case REFUSED -> "If the input is right all the same: --force --reason='why'.";
          case FORCED -> "Forced through all the same.";
          case WARNED, PASSED -> "Let pass, as --gate=warn says.";
        },
        run.runId());
  }

  private void tellCost(RunSummary run) {
    RunCost cost = run.cost();
    double millions = Math.max(run.counts().read(), 1) / 1e6;
    err.printf(
        "cost: %,.1f MB read, %,d rows written, %,.1f MB of WAL, %.1f s in the database; for a"
            + " million scores %,.1f MB of WAL and %.1f s%n",
        cost.bytesRead() / 1e6,
        cost.rowsWritten(),
        cost.walBytes() / 1e6,
        cost.databaseSeconds(),
        cost.walBytes() / 1e6 / millions,
        cost.databaseSeconds() / millions);
  }

  @Override
  public void close() {
    stopTicking();
    if (onExit != null) {
      onExit.close();
    }
  }

  private void stopTicking() {
    ended = true;
    if (ticks != null) {
      ticks.cancel(false);
    }
    ticker.shutdown();
  }
}
