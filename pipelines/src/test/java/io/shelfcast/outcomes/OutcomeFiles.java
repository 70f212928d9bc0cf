package io.shelfcast.outcomes;

import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Outcomes and scores in files of CSV, and tuning by them on a real database. */
final class OutcomeFiles {

  private final Path folder;
  private final TestDatabase database;
  private int files;

  OutcomeFiles(Path folder, TestDatabase database) {
    this.folder = folder;
    this.database = database;
  }

  /** A file of outcomes: {@code order_id,store_id,product_id,ordered_at,found}. */
  void outcomes(List<String> lines) throws IOException {
    write("outcomes", "order_id,store_id,product_id,ordered_at,found", lines);
  }

  /** A file of scores: {@code store_id,product_id,model_version,score,scored_at}. */
  void scores(List<String> lines) throws IOException {
    write("scores", "store_id,product_id,model_version,score,scored_at", lines);
  }

  private void write(String kind, String header, List<String> lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(header));
    all.addAll(lines);
    Files.write(folder.resolve("%s-%d.csv".formatted(kind, files++)), all);
  }

  Path output() {
    return folder.resolve("output");
  }

  OutcomeResult tune(String... options) throws IOException {
    return TunePipeline.run(
            PipelineOptionsFactory.fromArgs(arguments(options))
                .withValidation()
                .as(TuneOptions.class))
        .orElseThrow();
  }

  OutcomeResult compare(String... options) throws IOException {
    return ComparePipeline.run(
            PipelineOptionsFactory.fromArgs(arguments(options))
                .withValidation()
                .as(CompareOptions.class))
        .orElseThrow();
  }

  private String[] arguments(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--runner=DirectRunner",
                "--outcomes=" + folder.resolve("outcomes-*.csv"),
                "--scores=" + folder.resolve("scores-*.csv"),
                "--jdbcUrl=" + database.config().jdbcUrl(),
                "--jdbcUser=" + database.config().user()));
    arguments.addAll(List.of(options));
    if (arguments.stream().noneMatch(argument -> argument.startsWith("--output="))) {
      arguments.add("--output=" + output());
    }
    return arguments.toArray(new String[0]);
  }
}
