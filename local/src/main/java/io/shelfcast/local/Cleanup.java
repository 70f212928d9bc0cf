package io.shelfcast.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What to put in order when the process is told to end (SIGINT, SIGTERM), the latest first. What
 * has been put in order by then in the ordinary course is not in here any more.
 */
final class Cleanup {

  private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);
  private static final Deque<Task> TASKS = new ArrayDeque<>();
  private static volatile boolean running;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::runAll, "shelfcast-cleanup"));
  }

  private Cleanup() {}

  /** Does the task when the process ends, unless it is closed before. */
  static Task onExit(Runnable action) {
    Task task = new Task(action);
    synchronized (TASKS) {
      TASKS.push(task);
    }
    return task;
  }

  /** Waits until the process is told to end: for commands that run until they are stopped. */
  static void awaitExit() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  /** Whether the process was told to end. */
  static boolean isRunning() {
    return running;
  }

  private static void runAll() {
    running = true;
    while (true) {
      Task task;
      synchronized (TASKS) {
        task = TASKS.poll();
      }
      if (task == null) {
        return;
      }
      try {
        task.action.run();
      } catch (RuntimeException e) {
        // The others are still to be done, and there is nobody left to throw at.
        LOG.warn("could not clean up: {}", e.getMessage());
      }
    }
  }

  /** Something to do on the way out; closing it takes it off the list. */
  static final class Task implements AutoCloseable {
    private final Runnable action;

    private Task(Runnable action) {
      this.action = action;
    }

    @Override
    public void close() {
      synchronized (TASKS) {
        TASKS.remove(this);
      }
    }
  }
}
