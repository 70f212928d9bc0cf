package io.shelfcast.local;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.store.ModelRegistry;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
    return withRegistry(
        database,
        registry -> {
          CsvWriter csv = Csv.to(spec.commandLine().getOut());
          csv.writeRecord("model_version", "status");
          for (ModelVersion version : registry.list()) {
            csv.writeRecord(version.name(), version.status().word());
          }
          spec.commandLine().getOut().flush();
          return 0;
        });
  }

  @Command(
      name = "register",
      description = "Register a model version, or bring back a retired one.")
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
    return change(name, database, registry -> registry.register(name, wanted));
  }

  @Command(
      name = "promote",
      description = "Make a model version live; the one that was becomes a candidate.")
  int promote(@Parameters(paramLabel = "NAME") String name, @Mixin DatabaseArguments database)
      throws IOException {
    return change(name, database, registry -> registry.promote(name));
  }

  @Command(name = "retire", description = "Take a model version out of service; its scores stay.")
  int retire(@Parameters(paramLabel = "NAME") String name, @Mixin DatabaseArguments database)
      throws IOException {
    return change(name, database, registry -> registry.retire(name));
  }

  private int change(
      String name, DatabaseArguments database, Function<ModelRegistry, ModelVersion> change)
      throws IOException {
    if (!ModelVersion.isValidName(name)) {
      throw new ParameterException(
          spec.commandLine(),
          "'%s' is no model version; write 1 to 64 of letters, digits, '.', '_' and '-'"
              .formatted(name));
    }
    return withRegistry(
        database,
        registry -> {
          ModelVersion version = change.apply(registry);
          spec.commandLine()
              .getErr()
              .println("model version %s is %s".formatted(version.name(), version.status().word()));
          return 0;
        });
  }

  private static int withRegistry(DatabaseArguments arguments, Function<ModelRegistry, Integer> use)
      throws IOException {
    try (ServingDatabase serving = ServingDatabase.open(arguments)) {
      return use.apply(new ModelRegistry(serving.database()));
    }
  }
}
