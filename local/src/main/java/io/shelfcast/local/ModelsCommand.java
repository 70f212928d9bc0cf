package io.shelfcast.local;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.store.Database;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.Promotion;
import io.shelfcast.store.Removal;
import io.shelfcast.store.RetiredPartitions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The model registry. */
@Command(name = "models", description = "List, register, promote and retire model versions.")
final class ModelsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "write one of models list, register, promote, retire");
  }

  @Command(name = "list", description = "Print the model versions as CSV.")
  int list(@Mixin DatabaseArguments database) throws IOException {
    try (ServingDatabase serving = ServingDatabase.open(database)) {
      CsvWriter csv = Csv.to(spec.commandLine().getOut());
      csv.writeRecord("model_version", "status");
      for (ModelVersion version : new ModelRegistry(serving.database()).list()) {
        csv.writeRecord(version.name(), version.status().word());
      }
      spec.commandLine().getOut().flush();
      return 0;
    }
  }

  @Command(
      name = "register",
      description =
          "Register a model version, make a shadow a candidate, or bring back a retired one.")
  int register(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--status",
              defaultValue = "shadow",
              description = "shadow (default) or candidate.")
          String status,
      @Mixin DatabaseArguments database)
      throws IOException {
    if (!status.equals("shadow") && !status.equals("candidate")) {
      throw new ParameterException(
          spec.commandLine(),
          "--status is '%s'; write shadow or candidate, and use models promote for live"
              .formatted(status));
    }
    ModelStatus wanted = ModelStatus.valueOf(status.toUpperCase(Locale.ROOT));
    checkName(spec, name);
    try (ServingDatabase serving = ServingDatabase.openMigrated(database)) {
      ModelVersion version = new ModelRegistry(serving.database()).register(name, wanted);
      spec.commandLine()
          .getErr()
          .println("model version %s is %s".formatted(version.name(), version.status().word()));
      return 0;
    }
  }

  @Command(
      name = "promote",
      description = "Make a model version live; the one that was becomes a candidate.")
  int promote(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = {"--requireComparison", "--require-comparison"},
              description =
                  "Refuse (exit code 3) while no comparison with the version that is live is on"
                      + " record; ./shelfcast compare makes one.")
          boolean needsComparison,
      @Mixin DatabaseArguments database)
      throws IOException {
    checkName(spec, name);
    try (ServingDatabase serving = ServingDatabase.openMigrated(database)) {
      return tell(name, Promotion.of(name, needsComparison, serving.database()));
    }
  }

  private int tell(String name, Promotion promotion) {
    PrintWriter err = spec.commandLine().getErr();
    if (promotion.compared() != null) {
      promotion
          .comparison()
          .ifPresentOrElse(
              comparison ->
                  err.printf(
                      "%s comparison of %s with %s, %s:%n%s%n",
                      comparison.kind().word(),
                      name,
                      promotion.compared(),
                      comparison.comparedAt().truncatedTo(ChronoUnit.SECONDS),
                      comparison.summary()),
              () ->
                  err.printf(
                      "no comparison of %s with %s is on record; before a promotion, write"
                          + " ./shelfcast compare live %s, or ./shelfcast compare --models=%s,%s%n",
                      name, promotion.compared(), name, promotion.compared(), name));
    }
    if (!promotion.isDone()) {
      err.printf(
          "model version %s is not promoted, and %s stays live%n", name, promotion.compared());
      return Main.REFUSED;
    }
    err.printf("model version %s is live%n", name);
    return 0;
  }

  @Command(
      name = "retire",
      description =
          "Take a model version out of service. Its scores stay for a while, in which models"
              + " register brings it back with them; then the next full sync, or cleanup, drops"
              + " them.")
  int retire(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--grace",
              paramLabel = "DURATION",
              defaultValue = "P7D",
              converter = IsoDuration.class,
              description = "How long its scores stay (P7D); PT0S drops them at once.")
          Duration grace,
      @Mixin DatabaseArguments database)
      throws IOException {
    checkName(spec, name);
    if (grace.isNegative() || grace.compareTo(IsoDuration.LONGEST) > 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--grace is %s; write for how long its scores are to stay, such as P7D or PT0S"
              .formatted(grace));
    }
    try (ServingDatabase serving = ServingDatabase.openMigrated(database)) {
      Optional<Instant> dropAfter = new ModelRegistry(serving.database()).retire(name, grace);
      PrintWriter err = spec.commandLine().getErr();
      err.printf("model version %s is retired%n", name);
      if (dropAfter.isEmpty()) {
        return 0;
      }
      if (grace.isZero()) {
        return drop(name, serving.database());
      }
      err.printf(
          "its scores stay until %s, and models register brings it back with them; after that the"
              + " next full sync, or ./shelfcast cleanup, drops them%n",
          dropAfter.get());
      return 0;
    }
  }

  private int drop(String name, Database database) {
    Optional<Removal> removal = new RetiredPartitions(database).dropIfDue(name);
    if (removal.isEmpty()) {
      throw new IllegalStateException(
          "its scores are being replaced or dropped by another run; ./shelfcast cleanup drops what"
              + " is left then");
    }
    if (removal.get().failure() != null) {
      throw removal.get().failure();
    }
    spec.commandLine()
        .getErr()
        .printf(
            "its %,d scores are dropped, by run %s%n",
            removal.get().removed(), removal.get().runId());
    return 0;
  }

  static void checkName(CommandSpec spec, String name) {
    if (!ModelVersion.isValidName(name)) {
      throw new ParameterException(
          spec.commandLine(),
          "'%s' is no model version; write 1 to 64 of letters, digits, '.', '_' and '-'"
              .formatted(name));
    }
  }
}
