package io.shelfcast.local;

import io.shelfcast.policy.ThresholdRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Whether publish would take a file. With a database, which is the one that {@code --jdbcUrl} names
 * or the embedded one if there is one already, also what it would change; one is not made for it.
 */
@Command(
    name = "validate",
    description =
        "Check a policy as publish does, and publish nothing. Without a database, --jdbcUrl or an"
            + " embedded one that an earlier command has made, only what the file itself says.")
final class PolicyValidateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The YAML file.")
  private Path file = Path.of("");

  @Mixin private EffectArguments limits = new EffectArguments();

  @Mixin private DatabaseArguments database = new DatabaseArguments();

  @Override
  public Integer call() throws IOException {
    limits.check(spec);
    List<ThresholdRule> rules = PolicyFile.read(file);
    PrintWriter err = spec.commandLine().getErr();
    int exitCode = 0;
    if (database.jdbcUrl() != null || ServingDatabase.isEmbeddedThere()) {
      try (ServingDatabase serving = ServingDatabase.open(database)) {
        exitCode = new PolicyRelease(serving.database(), err).validate(rules, limits);
      }
    } else {
      err.println("without a database: model versions and effect are not checked");
    }
    if (exitCode == 0) {
      err.printf("%s is valid, %d rules%n", file, rules.size());
    }
    return exitCode;
  }
}
