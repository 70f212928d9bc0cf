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
    return start(database, "merge", attached);
  }

  /** As {@link #start(Database)}, in that write mode. */
  public static String start(Database database, String writeMode) {
    return start(database, writeMode, false);
  }

  private static String start(Database database, String writeMode, boolean attached) {
    String runId = "run-" + NUMBER.incrementAndGet();
    new RunLedger(database)
        .start(new RunStart(runId, RunKind.FULL_SYNC, "test", null, writeMode, attached, "a test"));
    return runId;
  }
}
