package io.shelfcast.local;

import io.shelfcast.local.PolicyRelease.Terms;
import io.shelfcast.policy.ThresholdRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rules of a file into force. */
@Command(
    name = "publish",
    description =
        "Publish the rules of a YAML file as a new policy, which is in force from then on. Tells"
            + " what it changes before it asks. Prints its number, and what it changes, in one line"
            + " of JSON.")
final class PolicyPublishCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The YAML file.")
  private Path file = Path.of("");

  @Mixin private PublishArguments arguments = new PublishArguments();

  private final Confirmation confirmation;

  PolicyPublishCommand(Confirmation confirmation) {
    this.confirmation = confirmation;
  }

  @Override
  public Integer call() throws IOException {
    Terms terms = arguments.terms(spec, null);
    List<ThresholdRule> rules = PolicyFile.read(file);
    try (ServingDatabase serving = ServingDatabase.openMigrated(arguments.database())) {
      return new PolicyRelease(serving.database(), spec.commandLine().getErr())
          .publish(rules, terms, arguments.or(confirmation), spec.commandLine().getOut());
    }
  }
}
