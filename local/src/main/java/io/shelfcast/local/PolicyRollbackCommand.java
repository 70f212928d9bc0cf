package io.shelfcast.local;

import io.shelfcast.local.PolicyRelease.Terms;
import io.shelfcast.policy.ThresholdPolicy;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An earlier policy into force once more. */
@Command(
    name = "rollback",
    description =
        "Publish the rules of an earlier policy once more, under a new number, with the same checks"
            + " as publish.")
final class PolicyRollbackCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "VERSION",
      converter = WholeNumber.class,
      description = "Its number; 0 is the built-in one.")
  private int version;

  @Mixin private PublishArguments arguments = new PublishArguments();

  private final Confirmation confirmation;

  PolicyRollbackCommand(Confirmation confirmation) {
    this.confirmation = confirmation;
  }

  @Override
  public Integer call() throws IOException {
    Terms terms = arguments.terms(spec, version);
    try (ServingDatabase serving = ServingDatabase.openMigrated(arguments.database())) {
      ThresholdPolicy policy = PolicyCommand.find(serving.database(), version);
      return new PolicyRelease(serving.database(), spec.commandLine().getErr())
          .publish(policy.rules(), terms, arguments.or(confirmation), spec.commandLine().getOut());
    }
  }
}
