package io.shelfcast.local.generate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code ./shelfcast generate}: score files for demos and benchmarks. Prints one line of JSON with
 * the number of files and rows.
 */
@Command(
    name = "generate",
    description =
        "Writes score files (Parquet), realistic in shape: the same options always give the same"
            + " bytes.")
public final class GenerateCommand implements Callable<Integer> {
  @Option(
      names = "--stores",
      paramLabel = "N",
      defaultValue = "100",
      description = "Number of stores, 0 to N-1 (default: ${DEFAULT-VALUE}).")
  private int stores;

  @Option(
      names = "--itemsPerStore",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Products 0 to N-1 are in each store (default: ${DEFAULT-VALUE}).")
  private int itemsPerStore;

  @Option(
      names = "--modelVersion",
      paramLabel = "V",
      defaultValue = "realtime-v2",
      description =
          "The model version that the scores are from; a name that begins with 'general' gives"
              + " scores shaped like general-v1's, any other like realtime-v2's"
              + " (default: ${DEFAULT-VALUE}).")
  private String modelVersion = "";

  @Option(
      names = "--scoredAt",
      paramLabel = "T",
      required = true,
      converter = IsoInstant.class,
      description =
          "When the scores were made, for example 2024-06-08T06:00:00Z; store s is scored s %% 600"
              + " seconds later. Scores of times close to each other are alike.")
  private Instant scoredAt = Instant.EPOCH;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Another seed gives the same items other scores (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description =
          "Directory for part-00000.parquet and so on. It is made if it is not there; part files"
              + " that it holds are replaced, all of them.")
  private Path output = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    long start = System.nanoTime();
    PrintWriter err = spec.commandLine().getErr();
    int files;
    ScoreSet set;
    try {
      set = new ScoreSet(stores, itemsPerStore, modelVersion, scoredAt, seed);
      files =
          new ScoreSetWriter(Runtime.getRuntime().availableProcessors())
              .write(set, output, done -> err.println("files written: " + done));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    err.printf(
        Locale.ROOT, "%,d scores of %s in %.1f s: %s%n", set.rows(), modelVersion, seconds, output);
    spec.commandLine().getOut().println(result(files, set.rows(), seconds));
    return 0;
  }

  private String result(int files, long rows, double seconds) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      json.writeStartObject();
      json.writeNumberField("files", files);
      json.writeNumberField("rows", rows);
      json.writeNumberField("seconds", Math.round(seconds * 1000) / 1000.0);
      json.writeStringField("output", output.toString());
      json.writeEndObject();
    }
    return line.toString();
  }

  /** Picocli's own names a Java class in its message. */
  public static final class IsoInstant implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
      try {
        return DateTimeFormatter.ISO_INSTANT.parse(value, Instant::from);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'" + value + "' is not a time: write for example 2024-06-08T06:00:00Z");
      }
    }
  }
}
