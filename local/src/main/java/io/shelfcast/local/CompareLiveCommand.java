package io.shelfcast.local;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.serving.ReaderSettings;
import io.shelfcast.store.ComparisonKind;
import io.shelfcast.store.ModelComparisons;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.ShadowComparisons;
import io.shelfcast.store.ShadowCount;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How two model versions compare in what reads are answered. */
@Command(
    name = "live",
    description =
        "Tell what reads of the live version would have been answered by another one, as serve"
            + " compared them. Prints it in one line of JSON, and puts it on record.")
final class CompareLiveCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "CANDIDATE", description = "The model version, shadow or candidate.")
  private String candidate = "";

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "P7D",
      converter = IsoDuration.class,
      description = "How far back, to the full hour (P7D).")
  private Duration since = Duration.ZERO;

  @Mixin private DatabaseArguments databaseArguments = new DatabaseArguments();

  @Override
  public Integer call() throws IOException {
    ModelsCommand.checkName(spec, candidate);
    if (since.isNegative() || since.isZero() || since.compareTo(ShadowComparisons.KEPT) > 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--since is %s; write a duration up to P%dD, as P7D or PT6H"
              .formatted(since, ShadowComparisons.KEPT.toDays()));
    }
    try (ServingDatabase serving = ServingDatabase.openMigrated(databaseArguments)) {
      ModelRegistry models = new ModelRegistry(serving.database());
      ModelVersion other = models.get(candidate);
      ModelVersion live = liveBeside(other, models);
      Instant from = ShadowComparisons.hour(Instant.now().minus(since));
      List<ShadowCount> counts =
          new ShadowComparisons(serving.database()).since(live.id(), other.id(), from);
      if (counts.isEmpty()) {
        throw new IllegalStateException(whyNothing(live, other, from));
      }
      LiveComparison comparison = LiveComparison.of(other.name(), live.name(), from, counts);
      String json = comparison.json();
      // What compares nothing is no reason to promote anything.
      if (comparison.hasCompared()) {
        new ModelComparisons(serving.database())
            .record(ComparisonKind.LIVE, other.name(), live.name(), comparison.summary(), json);
      }
      comparison.tell(spec.commandLine().getErr(), Histogram.onStandardError());
      PrintWriter out = spec.commandLine().getOut();
      out.println(json);
      out.flush();
      return 0;
    }
  }

  private static ModelVersion liveBeside(ModelVersion other, ModelRegistry models) {
    if (other.status() == ModelStatus.LIVE) {
      throw new IllegalStateException(
          "model version '%s' is live, and others are compared with it; name one of those, see"
                  .formatted(other.name())
              + " ./shelfcast models list");
    }
    return models
        .live()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no model version is live to compare '%s' with; run ./shelfcast models promote"
                            .formatted(other.name())
                        + " NAME"));
  }

  private static String whyNothing(ModelVersion live, ModelVersion other, Instant from) {
    String nothing =
        "nothing of %s was compared with %s since %s; ".formatted(other.name(), live.name(), from);
    return other.status() == ModelStatus.RETIRED
        ? nothing + "it is retired: ./shelfcast models register %s first".formatted(other.name())
        : nothing
            + ("./shelfcast serve does that with the share of reads that --shadowShare gives it"
                    + " (%s unless set; 0: none), and tells after some seconds")
                .formatted(ReaderSettings.SHADOW_SHARE);
  }
}
