package io.shelfcast.local;

import io.shelfcast.outcomes.CompareOptions;
import io.shelfcast.outcomes.ComparePipeline;
import io.shelfcast.outcomes.OutcomeOptions;
import io.shelfcast.outcomes.OutcomeResult;
import io.shelfcast.outcomes.TuneOptions;
import io.shelfcast.outcomes.TunePipeline;
import io.shelfcast.store.Migrations;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command that runs a pipeline over outcomes, with the pipeline's own options. Ends with one line
 * of JSON on standard output.
 *
 * @param <O> the pipeline's options
 */
final class OutcomeCommand<O extends OutcomeOptions> implements Callable<Integer> {

  private final Class<O> optionsType;
  private final Run<O> run;
  private final CommandSpec spec;

  @FunctionalInterface
  private interface Run<O> {
    Optional<OutcomeResult> of(O options) throws IOException;
  }

  private OutcomeCommand(String name, String description, Class<O> optionsType, Run<O> run) {
    this.optionsType = optionsType;
    this.run = run;
    this.spec = PipelineOptionsSpec.of(this, name, description, optionsType);
  }

  static CommandLine tune() {
    return new CommandLine(
        new OutcomeCommand<>(
                "tune",
                "Propose thresholds for a model version by what shoppers found: a policy to publish"
                    + " and a report. Ends with the result in one line of JSON.",
                TuneOptions.class,
                TunePipeline::run)
            .spec);
  }

  static CommandLine compare() {
    return new CommandLine(
            new OutcomeCommand<>(
                    "compare",
                    "Compare two model versions by what shoppers found: how much each lets be shown"
                        + " at equal found rates. Puts it on record, and ends with the result in"
                        + " one line of JSON. Or, with live: by what reads are answered.",
                    CompareOptions.class,
                    ComparePipeline::run)
                .spec)
        .addSubcommand(new CompareLiveCommand());
  }

  @Override
  @SuppressWarnings("try") // The database is held open, and reached by way of the options.
  public Integer call() throws IOException {
    List<String> arguments = PipelineOptionsSpec.arguments(spec, optionsType, "--jdbcUrl");
    try (LocalEngine engine = LocalEngine.open(ServingDatabase.home());
        ServingDatabase serving = ServingDatabase.completing(arguments, this::options)) {
      Migrations.migrate(serving.config());
      engine.addTo(arguments);
      // A store's outcomes and scores are gone over one after the other, and fit in memory.
      LocalEngine.addUnlessGiven(arguments, "--reIterableGroupByKeyResult=", "true");
      Optional<OutcomeResult> result = run.of(options(arguments));
      if (result.isEmpty()) {
        return 0;
      }
      PrintWriter err = spec.commandLine().getErr();
      err.print(result.get().summary());
      err.flush();
      PrintWriter out = spec.commandLine().getOut();
      out.println(result.get().line());
      out.flush();
      return result.get().isGood() ? 0 : Main.FAILED;
    }
  }

  private O options(List<String> arguments) {
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
        .withValidation()
        .as(optionsType);
  }
}
