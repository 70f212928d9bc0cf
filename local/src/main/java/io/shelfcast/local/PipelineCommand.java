package io.shelfcast.local;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.fullsync.FullSyncOptions;
import io.shelfcast.fullsync.FullSyncPipeline;
import io.shelfcast.replay.ReplayOptions;
import io.shelfcast.replay.ReplayPipeline;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command that runs a bounded pipeline, with the pipeline's own options: the same words work on
 * Dataflow. Ends with one line of JSON on standard output.
 *
 * @param <O> the pipeline's options
 */
final class PipelineCommand<O extends DatabaseOptions> implements Callable<Integer> {

  private final String title;
  private final Class<O> optionsType;
  private final BiFunction<O, RunListener, RunResult> pipeline;
  private final CommandSpec spec;

  private PipelineCommand(
      String name,
      String title,
      String description,
      Class<O> optionsType,
      BiFunction<O, RunListener, RunResult> pipeline) {
    this.title = title;
    this.optionsType = optionsType;
    this.pipeline = pipeline;
    this.spec = PipelineOptionsSpec.of(this, name, description, optionsType);
  }

  static CommandLine fullSync() {
    return new PipelineCommand<>(
            "full-sync",
            "full sync",
            "Bring score files, or a table of Snowflake, into the serving database.",
            FullSyncOptions.class,
            FullSyncPipeline::run)
        .commandLine();
  }

  static CommandLine replay() {
    return new PipelineCommand<>(
            "replay",
            "replay",
            "Take open dead letters through validation and upsert once more.",
            ReplayOptions.class,
            ReplayPipeline::run)
        .commandLine();
  }

  private CommandLine commandLine() {
    return new CommandLine(spec);
  }

  @Override
  @SuppressWarnings("try") // The database is held open, and reached by way of the options.
  public Integer call() throws IOException {
    List<String> arguments = PipelineOptionsSpec.arguments(spec, optionsType, "--jdbcUrl");
    @Nullable RunResult result = null;
    try (LocalEngine engine = LocalEngine.open(ServingDatabase.home());
        ServingDatabase serving = ServingDatabase.completing(arguments, this::options)) {
      engine.addTo(arguments);
      O options = options(arguments);
      try (Progress progress = new Progress(title, DatabaseOptions.configOf(options), err())) {
        result = pipeline.apply(options, progress);
        progress.finished(result);
      }
    } catch (IllegalArgumentException e) {
      // Bad usage, which Main tells; all else is a run that failed, and ends in its line of JSON.
      throw e;
    } catch (IOException | RuntimeException e) {
      Main.tell(spec.commandLine(), e);
    }
    print(result == null ? null : result.summary());
    if (result == null) {
      return Main.FAILED;
    }
    if (result.failure() != null && Logs.isVerbose()) {
      result.failure().printStackTrace(err());
    }
    return switch (result.summary().status()) {
      case SUCCEEDED -> 0;
      case REFUSED -> Main.REFUSED;
      case RUNNING, FAILED -> Main.FAILED;
    };
  }

  private O options(List<String> arguments) {
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
        .withValidation()
        .as(optionsType);
  }

  private void print(@Nullable RunSummary run) throws IOException {
    RowCounts counts = run == null ? RowCounts.NONE : run.counts();
    String line =
        JsonLine.of(
            json -> {
              json.writeStringField("run_id", run == null ? null : run.runId());
              json.writeStringField(
                  "status", run == null ? RunStatus.FAILED.word() : run.status().word());
              json.writeNumberField("read", counts.read());
              json.writeNumberField("inserted", counts.inserted());
              json.writeNumberField("updated", counts.updated());
              json.writeNumberField("kept", counts.kept());
              json.writeNumberField("rejected", counts.rejected());
              RunSummary.Swap swap = run == null ? null : run.swap();
              if (swap != null) {
                json.writeNumberField("carried_over", swap.carriedOver());
                json.writeNumberField("removed", swap.removed());
              }
              json.writeNumberField("seconds", run == null ? 0 : JsonLine.rounded(run.seconds()));
            });
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
