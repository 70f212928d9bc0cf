package io.shelfcast.local;

import io.shelfcast.store.Expiry;
import io.shelfcast.store.Removal;
import io.shelfcast.store.RunStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Deletes scores that are too old. Ends with one line of JSON on standard output. */
@Command(
    name = "expire",
    description =
        "Delete scores that are too old, some at a time, beside whoever reads and writes; prints"
            + " one line of JSON.")
final class ExpireCommand implements Callable<Integer> {

  @Option(
      names = "--olderThan",
      required = true,
      paramLabel = "DURATION",
      converter = IsoDuration.class,
      description = "Those whose scored_at is longer ago, for example P14D.")
  private Duration olderThan = Duration.ZERO;

  @Option(
      names = "--modelVersion",
      paramLabel = "NAME",
      description = "Only those of this model version. Default: of all.")
  private @Nullable String modelVersion;

  @Mixin private DatabaseArguments databaseArguments = new DatabaseArguments();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (olderThan.isNegative()
        || olderThan.isZero()
        || olderThan.compareTo(IsoDuration.LONGEST) > 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--olderThan is %s; write how old a score may be, such as P14D".formatted(olderThan));
    }
    if (modelVersion != null) {
      ModelsCommand.checkName(spec, modelVersion);
    }
    @Nullable Removal removal = null;
    try (ServingDatabase serving = ServingDatabase.openMigrated(databaseArguments)) {
      removal = expire(serving);
      tell(removal);
    } catch (IllegalArgumentException e) {
      // Bad usage, which Main tells; all else is a run that failed, and ends in its line of JSON.
      throw e;
    } catch (IOException | RuntimeException e) {
      Main.tell(spec.commandLine(), e);
    }
    print(removal);
    return removal != null && removal.status() == RunStatus.SUCCEEDED ? 0 : Main.FAILED;
  }

  private Removal expire(ServingDatabase serving) {
    Deque<Cleanup.Task> onExit = new ArrayDeque<>();
    try {
      return new Expiry(serving.database())
          .run(
              olderThan,
              Instant.now(),
              modelVersion,
              runId -> {
                err().printf("expire: run %s%n", runId);
                err().flush();
                onExit.push(Progress.failOnExit(serving.database().config(), runId));
              });
    } finally {
      onExit.forEach(Cleanup.Task::close);
    }
  }

  private void tell(Removal removal) {
    err()
        .printf(
            "expire %s in %.1f s: %,d scores removed that were older than %s%n",
            removal.status().word(), removal.seconds(), removal.removed(), olderThan);
    if (removal.failure() != null) {
      Main.tell(spec.commandLine(), removal.failure());
    }
  }

  private void print(@Nullable Removal removal) throws IOException {
    String line =
        JsonLine.of(
            json -> {
              json.writeStringField("run_id", removal == null ? null : removal.runId());
              json.writeStringField(
                  "status", (removal == null ? RunStatus.FAILED : removal.status()).word());
              json.writeNumberField("removed", removal == null ? 0 : removal.removed());
              json.writeNumberField(
                  "seconds", removal == null ? 0 : JsonLine.rounded(removal.seconds()));
            });
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
