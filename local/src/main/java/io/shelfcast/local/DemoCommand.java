package io.shelfcast.local;

import io.shelfcast.local.demo.Dashboard;
import io.shelfcast.local.demo.Searches;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./shelfcast demo}: everything at once, on generated data, until stopped. */
@Command(
    name = "demo",
    description = {
      "Run everything at once on this machine, on generated data, and say where to look, until"
          + " stopped (Ctrl-C).",
      "Its data is in .shelfcast/demo, and made anew each time."
    })
final class DemoCommand implements Callable<Integer> {

  private static final int MOST_SEARCHES = 2_000;

  /** What stopping may take: the drain of the refresh, and then the database's. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      converter = PortNumber.class,
      description = "Port of the read API; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "50",
      converter = WholeNumber.class,
      description = "Searches a second, of 20 to 50 items each (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "0",
      converter = WholeNumber.class,
      description = "Stop by itself after so many seconds of searches; 0 (default): it does not.")
  private int seconds;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  @Override
  @SuppressWarnings("try") // The tasks are held, not used.
  public Integer call() throws IOException, InterruptedException {
    check();
    say("starting PostgreSQL, Kafka, a model and a server, with generated data");
    // The first, and so done last: to be stopped is how a demo ends, and so no failure.
    Cleanup.Task success = Cleanup.onExit(() -> Runtime.getRuntime().halt(0));
    try (DemoFolder folder = DemoFolder.open(ServingDatabase.home());
        DemoStack stack = DemoStack.in(folder, err())) {
      DemoStack.Started started = stack.start(port);
      try (Cleanup.Task onExit = Cleanup.onExit(this::stopAndWait)) {
        play(folder, stack, started);
      }
    } catch (IOException | RuntimeException e) {
      if (Cleanup.isRunning()) {
        // Told to end while it was starting: what fails then fails for that.
        Cleanup.awaitExit();
      }
      throw e;
    } finally {
      if (!Cleanup.isRunning()) {
        success.close();
      }
      stopped.countDown();
    }
    return 0;
  }

  private void check() {
    if (rate < 1 || rate > MOST_SEARCHES) {
      throw new ParameterException(
          spec.commandLine(),
          "--rate is %d; write 1 to %d searches a second".formatted(rate, MOST_SEARCHES));
    }
    if (seconds < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--seconds is %d; write how long it is to run, or 0 for until it is stopped"
              .formatted(seconds));
    }
  }

  private void play(DemoFolder folder, DemoStack stack, DemoStack.Started started)
      throws IOException, InterruptedException {
    String url = started.server().url();
    try (Searches searches =
        Searches.start(url, rate, DemoStack.STORES, DemoStack.ITEMS_PER_STORE, 1)) {
      sayWhereToLook(url, folder);
      DemoWatch watch =
          new DemoWatch(
              searches,
              stack.startRefresh(started),
              new Dashboard(err(), Boolean.getBoolean("shelfcast.terminal")));
      for (int second = 1; seconds == 0 || second <= seconds; second++) {
        if (stop.await(1, TimeUnit.SECONDS)) {
          break;
        }
        watch.tick();
      }
      say("stopping");
      PrintWriter out = spec.commandLine().getOut();
      out.println(watch.json());
      out.flush();
    }
  }

  private void sayWhereToLook(String url, DemoFolder folder) {
    say("listening on " + url);
    err()
        .print(
            """
              curl %1$s/v1/availability:batchGet -H 'Content-Type: application/json' \\
                -d '{"store_id": 7, "product_ids": [11, 12], "user_id": "u1", "surface": "search"}'
              %1$s/openapi.json      how to ask
              %1$s/metrics           what is measured
              %1$s/health/ready
              SHELFCAST_HOME=%2$s ./shelfcast sql "SELECT * FROM current_score LIMIT 5"
              SHELFCAST_HOME=%2$s ./shelfcast models promote %3$s
            Scores are stale after %4$s here, so that they are seen to age. Ctrl-C stops it.
            """
                .formatted(url, folder.home(), DemoDatabase.CANDIDATE, DemoStack.MAX_AGE));
    err().flush();
  }

  private void stopAndWait() {
    stop.countDown();
    try {
      if (!stopped.await(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        say("gave up waiting for the end; the next demo begins anew");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String what) {
    err().println("demo: " + what);
    err().flush();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
