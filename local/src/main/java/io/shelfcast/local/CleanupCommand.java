package io.shelfcast.local;

import io.shelfcast.store.AbandonedRun;
import io.shelfcast.store.Database;
import io.shelfcast.store.RunLedger;
import io.shelfcast.store.Snapshots;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Clears up after runs that were killed, as the next run would. Prints what it did as CSV: a line
 * for each run marked as failed and each table dropped.
 */
@Command(
    name = "cleanup",
    description =
        "Clear up after runs that were killed, as the next run would; prints as CSV what it did.")
final class CleanupCommand implements Callable<Integer> {

  @Mixin private DatabaseArguments databaseArguments = new DatabaseArguments();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (ServingDatabase serving = ServingDatabase.open(databaseArguments)) {
      Database database = serving.database();
      List<AbandonedRun> runs = new RunLedger(database).failAbandoned();
      List<String> tables = new Snapshots(database).dropLeftovers();
      PrintWriter out = spec.commandLine().getOut();
      out.println("done,what");
      runs.forEach(run -> out.println("run_marked_failed," + run.runId()));
      tables.forEach(table -> out.println("table_dropped," + table));
      if (runs.isEmpty() && tables.isEmpty()) {
        spec.commandLine().getErr().println("nothing to clean up");
      }
      return 0;
    }
  }
}
