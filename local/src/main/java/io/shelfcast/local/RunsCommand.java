package io.shelfcast.local;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.shelfcast.store.DeadLetters;
import io.shelfcast.store.RunDetails;
import io.shelfcast.store.RunHistory;
import io.shelfcast.store.RunLine;
import io.shelfcast.store.RunStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The run ledger. */
@Command(name = "runs", description = "List runs, and show what became of one and why.")
final class RunsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "write one of runs list, show");
  }

  @Command(name = "list", description = "Print runs as CSV, the newest first.")
  int list(
      @Option(names = "--limit", defaultValue = "100", description = "At most so many (100).")
          int limit,
      @Option(
              names = "--modelVersion",
              paramLabel = "NAME",
              description = "Only those of this model version, as far as it is known.")
          @Nullable String modelVersion,
      @Option(names = "--status", description = "running, succeeded, failed or refused.")
          @Nullable String status,
      @Mixin DatabaseArguments database)
      throws IOException {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is %d; write 1 or more".formatted(limit));
    }
    RunStatus wanted = status == null ? null : status(status);
    try (ServingDatabase serving = ServingDatabase.open(database)) {
      PrintWriter out = spec.commandLine().getOut();
      CsvWriter csv = Csv.to(out);
      csv.writeRecord(
          "run_id",
          "kind",
          "status",
          "model_version",
          "write_mode",
          "gate",
          "started_at",
          "seconds",
          "read",
          "inserted",
          "updated",
          "kept",
          "rejected",
          "source");
      for (RunLine run : new RunHistory(serving.database()).list(wanted, modelVersion, limit)) {
        csv.writeRecord(
            run.runId(),
            run.kind().word(),
            run.status().word(),
            run.modelVersion(),
            run.writeMode(),
            run.gate() == null ? null : run.gate().word(),
            run.startedAt().toString(),
            String.format(Locale.ROOT, "%.3f", run.seconds()),
            String.valueOf(run.counts().read()),
            String.valueOf(run.counts().inserted()),
            String.valueOf(run.counts().updated()),
            String.valueOf(run.counts().kept()),
            String.valueOf(run.counts().rejected()),
            run.source());
      }
      out.flush();
      return 0;
    }
  }

  @Command(
      name = "show",
      description = "Print all that is known of a run: counts, cost, quality gate, profile.")
  int show(
      @Parameters(paramLabel = "RUN_ID", description = "Its name, or last for the newest.")
          String wanted,
      @Mixin DatabaseArguments database)
      throws IOException {
    try (ServingDatabase serving = ServingDatabase.open(database)) {
      RunHistory history = new RunHistory(serving.database());
      String runId =
          wanted.equals("last")
              ? history
                  .last()
                  .orElseThrow(
                      () ->
                          new IllegalStateException(
                              "there is no run yet; ./shelfcast full-sync makes one"))
              : wanted;
      RunDetails run =
          history
              .find(runId)
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "there is no run '%s'; ./shelfcast runs list tells which there are"
                              .formatted(runId)));
      PrintWriter out = spec.commandLine().getOut();
      new RunReport(out, Histogram.inThisTerminal())
          .print(run, new DeadLetters(serving.database()).countByReason(runId));
      out.flush();
      return 0;
    }
  }

  private RunStatus status(String word) {
    try {
      return RunStatus.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--status is '%s'; write running, succeeded, failed or refused".formatted(word),
          e);
    }
  }
}
