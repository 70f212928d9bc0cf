package io.shelfcast.local;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.shelfcast.policy.PolicySchema;
import io.shelfcast.policy.PolicyYaml;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.store.Database;
import io.shelfcast.store.PolicyLine;
import io.shelfcast.store.PolicyStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The threshold policies. */
@Command(
    name = "policy",
    description = "List, show, check, publish, compare and roll back threshold policies.")
final class PolicyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  private PolicyCommand() {}

  /**
   * With its subcommands.
   *
   * @param confirmation asked before anything is published
   */
  static CommandLine commandLine(Confirmation confirmation) {
    return new CommandLine(new PolicyCommand())
        .addSubcommand(new PolicyValidateCommand())
        .addSubcommand(new PolicyPublishCommand(confirmation))
        .addSubcommand(new PolicyDiffCommand())
        .addSubcommand(new PolicyRollbackCommand(confirmation));
  }

  /**
   * The policy of a number.
   *
   * @throws IllegalStateException when there is none
   */
  static ThresholdPolicy find(Database database, int version) {
    return new PolicyStore(database)
        .find(version)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "there is no policy %d; ./shelfcast policy list tells which there are"
                        .formatted(version)));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "write one of policy list, show, validate, publish, diff, rollback, schema");
  }

  @Command(name = "list", description = "Print the published policies as CSV, the newest first.")
  int list(@Mixin DatabaseArguments database) throws IOException {
    try (ServingDatabase serving = ServingDatabase.open(database)) {
      PrintWriter out = spec.commandLine().getOut();
      CsvWriter csv = Csv.to(out);
      csv.writeRecord(
          "version",
          "published_at",
          "author",
          "reason",
          "rules",
          "in_force",
          "rollback_to",
          "flips");
      for (PolicyLine policy : new PolicyStore(serving.database()).list()) {
        csv.writeRecord(
            String.valueOf(policy.version()),
            policy.publishedAt().toString(),
            policy.author(),
            policy.reason(),
            String.valueOf(policy.rules()),
            String.valueOf(policy.inForce()),
            policy.rollbackTo() == null ? null : policy.rollbackTo().toString(),
            policy.flips() == null ? null : policy.flips().toString());
      }
      out.flush();
      return 0;
    }
  }

  @Command(name = "show", description = "Print a policy as YAML, which publish takes as it is.")
  int show(
      @Parameters(
              paramLabel = "VERSION",
              arity = "0..1",
              converter = WholeNumber.class,
              description = "Its number; 0 is the built-in one. Default: the one in force.")
          @Nullable Integer version,
      @Mixin DatabaseArguments database)
      throws IOException {
    try (ServingDatabase serving = ServingDatabase.open(database)) {
      ThresholdPolicy policy =
          version == null
              ? new PolicyStore(serving.database()).inForce()
              : find(serving.database(), version);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("# policy %d%n", policy.version());
      out.print(PolicyYaml.write(policy.rules()));
      out.flush();
      return 0;
    }
  }

  @Command(name = "schema", description = "Print the JSON Schema of policies, for editors.")
  int schema() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(PolicySchema.text());
    out.flush();
    return 0;
  }
}
