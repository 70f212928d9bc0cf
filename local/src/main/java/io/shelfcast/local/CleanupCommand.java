package io.shelfcast.local;

import io.shelfcast.store.AbandonedRun;
import io.shelfcast.store.Database;
import io.shelfcast.store.Removal;
import io.shelfcast.store.RetiredPartitions;
import io.shelfcast.store.RunLedger;
import io.shelfcast.store.ShadowComparisons;
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
 * Clears up after runs that were killed, and drops the scores of model versions that were retired
 * long enough ago, as the next run would; and old counts of shadow comparisons. Prints what it did
 * as CSV: a line for each run marked as failed, each table dropped, each model version whose scores
 * were, and one for how many rows of counts are gone.
 */
@Command(
    name = "cleanup",
    description =
        "Clear up after runs that were killed, and drop the scores of model versions that were"
            + " retired long enough ago, as the next run would; and the counts of shadow"
            + " comparisons that are older than 90 days. Prints as CSV what it did.")
final class CleanupCommand implements Callable<Integer> {

  @Mixin private DatabaseArguments databaseArguments = new DatabaseArguments();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (ServingDatabase serving = ServingDatabase.openMigrated(databaseArguments)) {
      Database database = serving.database();
      List<AbandonedRun> runs = new RunLedger(database).failAbandoned();
      List<String> tables = new Snapshots(database).dropLeftovers();
      List<Removal> retired = new RetiredPartitions(database).dropDue();
      int comparisons = new ShadowComparisons(database).deleteOlderThan(ShadowComparisons.KEPT);
      PrintWriter out = spec.commandLine().getOut();
      out.println("done,what");
      runs.forEach(run -> out.println("run_marked_failed," + run.runId()));
      tables.forEach(table -> out.println("table_dropped," + table));
      if (comparisons > 0) {
        out.println("shadow_comparisons_deleted," + comparisons);
      }
      int exitCode = 0;
      for (Removal removal : retired) {
        if (removal.failure() == null) {
          out.println("model_version_dropped," + removal.modelVersion());
        } else {
          Main.tell(spec.commandLine(), removal.failure());
          exitCode = Main.FAILED;
        }
      }
      out.flush();
      if (runs.isEmpty() && tables.isEmpty() && retired.isEmpty() && comparisons == 0) {
        spec.commandLine().getErr().println("nothing to clean up");
      }
      return exitCode;
    }
  }
}
