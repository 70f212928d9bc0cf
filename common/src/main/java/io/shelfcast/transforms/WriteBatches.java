package io.shelfcast.transforms;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.TaggedScores;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/**
 * Writes batches on threads of the database's, a few at a time, so that the runner's thread goes on
 * reading meanwhile and one reader keeps several connections busy. A bundle ends when all of its
 * batches are written, and fails when one of them cannot be.
 */
final class WriteBatches extends DoFn<TaggedScores, RowCounts> {
  private static final long serialVersionUID = 1L;

  /** More would only hold more in memory: the database is what is waited for. */
  private static final int IN_FLIGHT = 2;

  /** Writes one batch in one transaction. */
  interface BatchWrite extends Serializable {
    RowCounts write(Database database, TaggedScores batch);
  }

  private final DatabaseConfig config;
  private final BatchWrite write;
  private final CommitListener commits;
  private final Counters counters = new Counters();
  private transient Deque<InFlight> inFlight = new ArrayDeque<>();
  private transient List<Done> done = new ArrayList<>();

  WriteBatches(DatabaseConfig config, BatchWrite write) {
    this(config, write, CommitListener.NOBODY);
  }

  WriteBatches(DatabaseConfig config, BatchWrite write, CommitListener commits) {
    this.config = config;
    this.write = write;
    this.commits = commits;
  }

  private record Commit(RowCounts counts, long atMicros) {}

  private record InFlight(
      TaggedScores batch, Future<Commit> commit, Instant timestamp, BoundedWindow window) {}

  private record Done(RowCounts counts, Instant timestamp, BoundedWindow window) {}

  @StartBundle
  public void start() {
    inFlight = new ArrayDeque<>();
    done = new ArrayList<>();
  }

  @ProcessElement
  public void write(
      @Element TaggedScores batch, @Timestamp Instant timestamp, BoundedWindow window) {
    while (inFlight.size() >= IN_FLIGHT) {
      await(inFlight.remove());
    }
    Database database = Database.shared(config);
    inFlight.add(
        new InFlight(batch, database.submit(() -> commit(database, batch)), timestamp, window));
  }

  private Commit commit(Database database, TaggedScores batch) {
    RowCounts counts = write.write(database, batch);
    return new Commit(counts, Micros.of(java.time.Instant.now()));
  }

  @FinishBundle
  public void finish(FinishBundleContext context) {
    while (!inFlight.isEmpty()) {
      await(inFlight.remove());
    }
    done.forEach(batch -> context.output(batch.counts(), batch.timestamp(), batch.window()));
  }

  private void await(InFlight batch) {
    try {
      Commit commit = batch.commit().get();
      counters.add(commit.counts());
      commits.committed(batch.batch(), commit.atMicros());
      done.add(new Done(commit.counts(), batch.timestamp(), batch.window()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a batch was being written", e);
    }
  }
}
