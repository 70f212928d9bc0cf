package io.shelfcast.local;

import io.shelfcast.policy.RuleChange;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.store.Database;
import io.shelfcast.store.PolicyEffects;
import io.shelfcast.store.PolicyStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From one policy to another. */
@Command(
    name = "diff",
    description =
        "Print which rules one policy removes (-), changes (~) and adds (+) against another, and"
            + " what becomes of the decisions on the scores there are. Each is a version or a YAML"
            + " file.")
final class PolicyDiffCommand implements Callable<Integer> {

  private static final Pattern VERSION = Pattern.compile("\\d{1,9}");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "The old one; alone, the new one, against the one in force.")
  private String first = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "B", description = "The new one.")
  private @Nullable String second;

  @Option(
      names = "--effectTimeout",
      paramLabel = "DURATION",
      defaultValue = "PT15M",
      converter = IsoDuration.class,
      description =
          "How long counting what would change may take (PT15M). PT0S: it is not counted.")
  private Duration effectTimeout = Duration.ZERO;

  @Mixin private DatabaseArguments arguments = new DatabaseArguments();

  @Override
  public Integer call() throws IOException {
    EffectArguments.checkTimeout(spec, effectTimeout);
    try (ServingDatabase serving = ServingDatabase.open(arguments)) {
      Database database = serving.database();
      ThresholdPolicy before =
          second == null ? new PolicyStore(database).inForce() : policy(first, database);
      ThresholdPolicy after = policy(second == null ? first : second, database);
      PrintWriter out = spec.commandLine().getOut();
      List<RuleChange> changes = RuleChange.between(before.rules(), after.rules());
      if (changes.isEmpty()) {
        out.println("they have the same rules");
      }
      changes.forEach(change -> out.println(change.text()));
      if (!changes.isEmpty() && !effectTimeout.isZero()) {
        out.println();
        new EffectTable(out)
            .print(new PolicyEffects(database).between(before, after, effectTimeout));
      }
      out.flush();
      return 0;
    }
  }

  private static ThresholdPolicy policy(String named, Database database) throws IOException {
    return VERSION.matcher(named).matches()
        ? PolicyCommand.find(database, Integer.parseInt(named))
        // Its number is not told.
        : new ThresholdPolicy(0, PolicyFile.read(Path.of(named)));
  }
}
