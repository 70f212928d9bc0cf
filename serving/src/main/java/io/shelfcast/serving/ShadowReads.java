package io.shelfcast.serving;

import io.micrometer.core.instrument.MeterRegistry;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.Decision;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseAwayException;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.DatabaseException;
import io.shelfcast.store.FoundScores;
import io.shelfcast.store.OnceInAWhile;
import io.shelfcast.store.ScoreReads;
import io.shelfcast.store.ShadowComparisons;
import io.shelfcast.store.ShadowCount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a share of the live version's answers with what another version would have answered, a
 * moment later and without making the reader wait: through a bounded queue, on a thread and
 * connections of its own. What finds the queue full, waits too long or cannot be read is counted,
 * and let go. What was compared is added to the database's counts every few seconds; what cannot be
 * added is kept for the next time.
 */
final class ShadowReads implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShadowReads.class);

  /** Of 1,000 items each, some 10 MB. */
  private static final int MAX_WAITING = 256;

  /** The live version's score may be another one by then. */
  private static final long TOO_LONG_NANOS = Duration.ofSeconds(5).toNanos();

  private static final Duration RECORD_EVERY = Duration.ofSeconds(5);
  private static final Duration RECORD_TIMEOUT = Duration.ofSeconds(5);

  /** After a read that failed: whatever it is that it failed of is not to be asked at once. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);
  private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

  /** A read that was answered. */
  private record Answered(
      RequestPolicy judged, ModelVersion live, ReadAnswer answer, long atNanos) {}

  private final double share;
  private final DoubleSupplier random;
  private final ScoreReads scores;
  private final Database database;
  private final ShadowComparisons comparisons;
  private final ShadowMeters meters;
  private final long recordEveryNanos;
  private final ArrayBlockingQueue<Answered> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final ShadowTally tally = new ShadowTally();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final OnceInAWhile telling = new OnceInAWhile(TOLD_EVERY);
  private final Thread thread = new Thread(this::run, "shelfcast-shadow");
  private long recordedNanos = System.nanoTime();
  private int turn;

  /**
   * Comparisons.
   *
   * @param random where it is decided which reads are compared: numbers from 0 to below 1
   * @param recordEvery how often what was compared is added to the database's counts
   */
  ShadowReads(
      ReaderSettings settings,
      DoubleSupplier random,
      Duration recordEvery,
      MeterRegistry registry) {
    this.share = settings.shadowShare();
    this.random = random;
    this.meters = new ShadowMeters(registry);
    this.recordEveryNanos = recordEvery.toNanos();
    this.scores =
        ScoreReads.aside(withOneConnection(settings.reads(), settings.reads().statementTimeout()));
    this.database = Database.impatient(withOneConnection(settings.database(), RECORD_TIMEOUT));
    this.comparisons = new ShadowComparisons(database);
    thread.setDaemon(true);
    thread.start();
  }

  static ShadowReads open(ReaderSettings settings, MeterRegistry registry) {
    return new ShadowReads(
        settings, () -> ThreadLocalRandom.current().nextDouble(), RECORD_EVERY, registry);
  }

  private static DatabaseConfig withOneConnection(DatabaseConfig config, Duration timeout) {
    return new DatabaseConfig(config.jdbcUrl(), config.user(), config.password(), 1, timeout);
  }

  /**
   * Takes an answer, if it is the live version's, there is another version, and it is this one's
   * turn. Never waits, and never throws.
   */
  void offer(RequestPolicy judged, ReadAnswer answer) {
    ServingState state = judged.state();
    ModelVersion live = state.live();
    if (live == null
        || state.compared().isEmpty()
        || !live.name().equals(answer.modelVersion())
        || random.getAsDouble() >= share) {
      return;
    }
    if (closing.getCount() == 0
        || !queue.offer(new Answered(judged, live, answer, System.nanoTime()))) {
      meters.dropped(1);
    }
  }

  private void run() {
    try {
      while (closing.getCount() > 0) {
        Answered answered = queue.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        if (answered != null) {
          take(answered);
        }
        if (System.nanoTime() - recordedNanos >= recordEveryNanos) {
          record();
        }
      }
      List<Answered> left = new ArrayList<>();
      meters.dropped(queue.drainTo(left));
      record();
    } catch (InterruptedException e) {
      LOG.debug("what was compared last is not recorded: the database took too long", e);
    }
  }

  private void take(Answered answered) throws InterruptedException {
    if (System.nanoTime() - answered.atNanos() > TOO_LONG_NANOS || !tally.hasRoom()) {
      meters.dropped(1);
      return;
    }
    try {
      compare(answered);
      meters.compared();
    } catch (DatabaseAwayException e) {
      // Those who read have told why.
      meters.failed();
      var unused = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (DatabaseException e) {
      // The version was retired, and its scores are gone, say, or a replica has none of them yet.
      meters.failed();
      if (telling.isDue()) {
        LOG.warn("a read cannot be compared with another model version: {}", e.getMessage());
      }
      var unused = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException | Error e) {
      // One that goes wrong must not be the last.
      meters.failed();
      if (telling.isDue()) {
        LOG.warn("a read cannot be compared with another model version; reads go on without", e);
      }
      var unused = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void compare(Answered answered) {
    RequestPolicy judged = answered.judged();
    List<ModelVersion> others = judged.state().compared();
    turn = (turn + 1) % others.size();
    ModelVersion candidate = others.get(turn);
    FoundScores found = judged.request().find(scores, candidate.id());
    Decision[] decisions = judged.decide(judged.thresholds(candidate.name()), found);
    tally.add(judged, answered.live(), answered.answer(), candidate, found, decisions);
  }

  private void record() {
    recordedNanos = System.nanoTime();
    Collection<ShadowCount> counts = tally.counts();
    if (counts.isEmpty()) {
      return;
    }
    try {
      comparisons.add(counts);
      tally.clear();
    } catch (RuntimeException | Error e) {
      meters.notRecorded();
      if (telling.isDue()) {
        LOG.warn("what was compared cannot be recorded, and is kept: {}", e.getMessage());
      }
    }
  }

  /** Records what was compared, as far as that is possible within a few seconds. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(STOP_PATIENCE.toMillis());
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    scores.close();
    database.close();
  }
}
