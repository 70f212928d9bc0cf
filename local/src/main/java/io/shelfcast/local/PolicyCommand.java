package io.shelfcast.local;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.InvalidPolicyException;
import io.shelfcast.policy.PolicyYaml;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.policy.Thresholds;
import io.shelfcast.store.Database;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The threshold policies. */
@Command(name = "policy", description = "Publish threshold policies.")
final class PolicyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "write policy publish FILE");
  }

  @Command(
      name = "publish",
      description =
          "Publish the rules of a YAML file as a new policy, which is in force from then on."
              + " Prints its number in one line of JSON.")
  int publish(
      @Parameters(paramLabel = "FILE", description = "The YAML file.") Path file,
      @Option(names = "--author", paramLabel = "NAME", description = "Who publishes it.")
          @Nullable String author,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
          @Nullable String reason,
      @Mixin DatabaseArguments databaseArguments)
      throws IOException {
    List<ThresholdRule> rules = read(file);
    try (ServingDatabase serving = ServingDatabase.openMigrated(databaseArguments)) {
      Database database = serving.database();
      ThresholdPolicy policy = new PolicyStore(database).publish(rules, author, reason);
      tell(policy, database);
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          JsonLine.of(
              json -> {
                json.writeNumberField("policy_version", policy.version());
                json.writeNumberField("rules", policy.rules().size());
              }));
      out.flush();
      return 0;
    }
  }

  private List<ThresholdRule> read(Path file) throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no file '%s' that can be read; write the path of a policy in YAML"
              .formatted(file));
    }
    try {
      List<ThresholdRule> rules = PolicyYaml.read(Files.readString(file));
      // Whether they can stand together is no matter of the database either.
      return new ThresholdPolicy(1, rules).rules();
    } catch (MalformedInputException e) {
      throw new ParameterException(
          spec.commandLine(), "%s is no text in UTF-8; write the policy so".formatted(file), e);
    } catch (InvalidPolicyException e) {
      throw new ParameterException(spec.commandLine(), "%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void tell(ThresholdPolicy policy, Database database) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf("policy %d is in force, %d rules%n", policy.version(), policy.rules().size());
    boolean setsAll =
        policy.rules().stream()
            .anyMatch(
                rule ->
                    rule.change() instanceof Thresholds
                        && rule.modelVersion() == null
                        && rule.segment().isEmpty());
    if (!setsAll) {
      err.printf(
          "where no rule sets thresholds, the built-in ones apply: low %s, out %s%n",
          Thresholds.DEFAULT.low(), Thresholds.DEFAULT.out());
    }
    Set<String> registered =
        new ModelRegistry(database)
            .list().stream().map(ModelVersion::name).collect(Collectors.toSet());
    policy.rules().stream()
        .filter(rule -> rule.modelVersion() != null && !registered.contains(rule.modelVersion()))
        .forEach(
            rule ->
                err.printf(
                    "rule '%s' is for model version %s, which is not registered%n",
                    rule.name(), rule.modelVersion()));
  }
}
