package io.shelfcast.store;

import java.util.concurrent.atomic.AtomicInteger;

/** Runs for tests. */
public final class Runs {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private Runs() {}

  /** Enters a run that nobody holds a lock of, and that is not taken for dead. */
  public static String start(Database database) {
    return start(database, false);
  }

  static String start(Database database, boolean attached) {
    String runId = "run-" + NUMBER.incrementAndGet();
    new RunLedger(database)
        .start(new RunStart(runId, RunKind.FULL_SYNC, "test", null, "merge", attached, "a test"));
    return runId;
  }
}
